<?php
// A provider's program in PHP, on PHP's own SoapClient: it knows the three WSDLs
// and the account, and goes through all six methods. Envelopes are made with what
// PHP has (ZipArchive, openssl, iconv). What it found is one JSON object.
//
//   php client.php '{"base": …, "id": …, "user": …, "password": …, "key": …, "iv": …, "encrypt": …, "licence": …, "filing_password": …, "domain": …, "new_domain": …}'

declare(strict_types=1);
ini_set('soap.wsdl_cache_enabled', '0');
set_error_handler(function (int $no, string $text, string $file, int $line): bool {
    throw new ErrorException($text, 0, $no, $file, $line);
});

$settings = json_decode($argv[1], true, 16, JSON_THROW_ON_ERROR);

/** One service, made from its WSDL alone. */
final class Service
{
    private SoapClient $client;
    /** @var array<string, list<string>> names of parameters by method */
    public array $methods = [];
    private bool $wrapped = false;

    public function __construct(string $wsdl)
    {
        $this->client = new SoapClient($wsdl, ['exceptions' => true, 'cache_wsdl' => WSDL_CACHE_NONE, 'soap_version' => SOAP_1_1]);
        $structs = [];
        foreach ($this->client->__getTypes() as $type) {
            preg_match('/^struct (\w+) \{(.*)\}$/s', $type, $found);
            preg_match_all('/\w+ (\w+);/', $found[2], $names);
            $structs[$found[1]] = $names[1];
        }
        foreach ($this->client->__getFunctions() as $function) {
            preg_match('/^\w+ (\w+)\((.*)\)$/', $function, $found);
            preg_match_all('/(\w+) \$(\w+)/', $found[2], $parts);
            $this->wrapped = isset($structs[$found[1]]);
            $this->methods[$found[1]] = $this->wrapped ? $structs[$found[1]] : $parts[2];
        }
    }

    /** Calls a method with its values in order and reads the document that it returns. */
    public function call(string $method, array $values): SimpleXMLElement
    {
        $named = array_combine($this->methods[$method], $values);
        $answer = $this->wrapped ? $this->client->__soapCall($method, [$named])->return : $this->client->__soapCall($method, array_values($named));
        return new SimpleXMLElement($answer);
    }
}

$services = [];
foreach (['/ISPWebService/upDownLoad', '/BeianStatusWebService/queryBeianStatus', '/BeianStatusWebService/verifyBamm'] as $path) {
    $services[] = new Service($settings['base'] . $path . '?wsdl');
}
$methods = [];
foreach ($services as $service) {
    foreach (array_keys($service->methods) as $name) {
        $methods[$name] = $service;
    }
}

function call(string $method, array $more, ?string $password = null, int $length = 20): SimpleXMLElement
{
    global $methods, $settings;
    $random = substr(bin2hex(random_bytes($length)), 0, $length);
    $proof = base64_encode(md5(iconv('UTF-8', 'GBK', ($password ?? $settings['password']) . $random), true));
    $auth = [$settings['id'], $settings['user'], $random, $proof];
    $auth = $method === 'isp_upload' ? $auth : [...$auth, 0];
    return $methods[$method]->call($method, [...$auth, ...$more]);
}

/** Seals a document: zip, hash, AES where asked for, base64. */
function seal(string $document): array
{
    global $settings;
    $file = tempnam(sys_get_temp_dir(), 'sim');
    $zip = new ZipArchive();
    $zip->open($file, ZipArchive::CREATE | ZipArchive::OVERWRITE);
    $zip->addFromString('beianinfo.xml', $document);
    $zip->close();
    $packed = file_get_contents($file);
    unlink($file);
    $hash = base64_encode(md5($packed, true));
    if ($settings['encrypt']) {
        $packed = openssl_encrypt($packed, cipher(), $settings['key'], OPENSSL_RAW_DATA, $settings['iv']);
    }
    return [base64_encode($packed), $hash];
}

function cipher(): string
{
    global $settings;
    return 'aes-' . (8 * strlen($settings['key'])) . '-cbc';
}

/** Opens a file of a reply; a wrong hash ends the program. */
function unseal(SimpleXMLElement $file): array
{
    global $settings;
    $packed = base64_decode((string) $file->beianInfo, true);
    if ((int) $file->encryptAlgorithm === 1) {
        $packed = openssl_decrypt($packed, cipher(), $settings['key'], OPENSSL_RAW_DATA, $settings['iv']);
    }
    if (base64_encode(md5($packed, true)) !== (string) $file->beianInfoHash) {
        throw new RuntimeException('the hash is wrong');
    }
    $at = tempnam(sys_get_temp_dir(), 'sim');
    file_put_contents($at, $packed);
    $zip = new ZipArchive();
    if ($zip->open($at) !== true || $zip->numFiles !== 1) {
        throw new RuntimeException('the archive does not hold one file');
    }
    $entry = $zip->getNameIndex(0);
    $document = $zip->getFromIndex(0);
    $zip->close();
    unlink($at);
    $text = preg_replace('/^<\?xml[^>]*\?>/', '<?xml version="1.0" encoding="UTF-8"?>', iconv('GBK', 'UTF-8', $document));
    return [$entry, new SimpleXMLElement($text)];
}

/** The document that adds a website, in GBK. */
function document(): string
{
    global $settings;
    $picture = base64_encode("\xFF\xD8\xFF\xE0 a picture");
    $text = <<<XML
    <UploadData version="V.3.0"><ICP><XZWZ><Xzxx><Zt_xx><Ztbah>{$settings['licence']}</Ztbah></Zt_xx>
    <Wz_xx><IspWzid>9001</IspWzid><Wzmc>外来客户端的网站</Wzmc><Fwnr><Fwnr_id>1</Fwnr_id></Fwnr><Yylb><Yylb_id>1</Yylb_id></Yylb>
    <Ym_xx><IspYmid>9002</IspYmid><Ym>{$settings['new_domain']}</Ym></Ym_xx>
    <Jr_xx><IspJrid>9003</IspJrid><Wzfb><Fbdd>11</Fbdd></Wzfb><Wzjrfs><Jrfs>5</Jrfs></Wzjrfs><Ip_xx><IspIpid>9004</IspIpid><Qsip>3405803783</Qsip><Zzip>3405803783</Zzip></Ip_xx></Jr_xx>
    <Wz_Fzr><Fzr_xm>沈知远</Fzr_xm><Fzr_dhhm>0571-88880000</Fzr_dhhm><Fzr_sjhm>13900000000</Fzr_sjhm><Fzr_dzyj>shen@example.cn</Fzr_dzyj><Fzr_zjlx>2</Fzr_zjlx><Fzr_zjhm>11010519491231002X</Fzr_zjhm></Wz_Fzr>
    <Syurl>www.{$settings['new_domain']}</Syurl></Wz_xx>
    <Fj><Fjxx><Fjwjgs>1</Fjwjgs><Fjyt>1</Fjyt><Fjnr>{$picture}</Fjnr><Fjssdx><Ssdxlx>2</Ssdxlx><Ssdxbs><Jlid>9001</Jlid></Ssdxbs></Fjssdx></Fjxx></Fj>
    </Xzxx></XZWZ><Qqdwid>{$settings['id']}</Qqdwid></ICP></UploadData>
    XML;
    return iconv('UTF-8', 'GBK', '<?xml version="1.0" encoding="GBK"?>' . $text);
}

function code(SimpleXMLElement $reply): int
{
    return (int) $reply->msg_code;
}

$found = ['methods' => array_keys($methods)];
$found['wrong_password'] = code(call('isp_download', [], 'wrong'));
$found['short_random'] = code(call('isp_download', [], null, 19));
$found['verified'] = (int) call('isp_verifybamm', [$settings['licence'], $settings['filing_password']])->VerifyRes;
$found['not_verified'] = (int) call('isp_verifybamm', [$settings['licence'], 'wrong'])->VerifyRes;
$status = call('isp_querybeianstatus', [0, $settings['domain']])->StatusInfo;
$found['filed'] = [(int) $status->Bazt, (string) $status->Ztbah];
$found['before'] = (int) call('isp_querypreviousupload', [])->fileInfos->dataSequence;

[$info, $hash] = seal(document());
$encrypt = $settings['encrypt'] ? 1 : 0;
$gap = call('isp_upload', [$info, $hash, 2, $encrypt, 0, 0]);
$found['gap'] = [code($gap), (int) $gap->dataSequences->dataSequence];
$found['broken'] = code(call('isp_upload', [$info, strrev($hash), 1, $encrypt, 0, 0]));
$found['uploaded'] = code(call('isp_upload', [$info, $hash, 1, $encrypt, 0, 0]));
$previous = call('isp_querypreviousupload', [])->fileInfos;
$found['previous'] = [(int) $previous->dataSequence, (string) $previous->beianInfoHash === $hash && (string) $previous->beianInfo === $info];

$found['files'] = [];
for (;;) {
    $reply = call('isp_download', []);
    if (!isset($reply->fileInfos)) {
        $found['end'] = [code($reply), code(call('isp_download', []))];
        break;
    }
    $again = call('isp_download', []);
    [$entry, $data] = unseal($reply->fileInfos);
    $name = (string) $reply->fileInfos->return_FileName;
    $found['files'][] = [
        'code' => code($reply),
        'same_again' => (string) $again->fileInfos->return_FileName === $name && (string) $again->fileInfos->beianInfoHash === (string) $reply->fileInfos->beianInfoHash,
        'entry_is_name' => $entry === $name,
        'result' => (int) ($data->ICP->BAJG->Jg_xx->Jgxx->Jgdm ?? 0),
        'licence' => (string) ($data->ICP->BASJ->Baxx->Wz_xx->Baxh ?? ''),
        'website' => (string) ($data->ICP->BASJ->Baxx->Wz_xx->Wzmc ?? ''),
        'acked' => code(call('isp_downloadack', [$name])),
    ];
}
$found['ack_without_name'] = code(call('isp_downloadack', ['']));
echo json_encode($found, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
