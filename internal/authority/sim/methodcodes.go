package sim

// Method codes (msg_code) that the simulator answers; wire's codes.csv says
// what each means.
const (
	codeAllFetched          = 1
	codeNothing             = 2
	codeMore                = 3
	codeUser                = 4
	codePassword            = 5
	codeDecrypt             = 6
	codeHash                = 7
	codeUnzip               = 8
	codeEncryptAlgorithm    = 9
	codeHashAlgorithm       = 10
	codeCompression         = 11
	codeRefused             = 12
	codeProvince            = 13
	codeMissing             = 14
	codeQueueFull           = 15
	codeShortRandom         = 16
	codeFiles               = 17
	codeTooLarge            = 18
	codeClosed              = 19
	codeHours               = 20
	codeNoFileName          = 21
	codeTries               = 22
	codeReportMaintenance   = 901
	codeDownloadMaintenance = 902
	codeOther               = 999
)
