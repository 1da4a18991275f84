package sim

// Data codes (Jgdm) that the simulator gives by itself; wire's codes.csv says
// what each means. Any other can be ordered, see [Outcome].
const (
	dataApproved           = 1001
	dataRejected           = 1002
	dataSubjectConflict    = 1003
	dataDomainForm         = 1004
	dataDomainFiled        = 1005
	dataIP                 = 1006
	dataContact            = 1007
	dataCertificate        = 1008
	dataEmail              = 1009
	dataOfficePhone        = 1010
	dataMobile             = 1011
	dataMSN                = 1012
	dataQQ                 = 1013
	dataResidentID         = 1015
	dataFilingPassword     = 1018
	dataArea               = 1019
	dataWebsiteName        = 1020
	dataHomePageTaken      = 1021
	dataHomePageForm       = 1022
	dataIPConflict         = 1024
	dataSameAccess         = 1029
	dataNoOfficePhone      = 1031
	dataApprovalType       = 1033
	dataService            = 1034
	dataAccessMode         = 1035
	dataPlace              = 1036
	dataWebsiteReported    = 1037
	dataAccessReported     = 1038
	dataDomainReported     = 1039
	dataIPReported         = 1040
	dataHomePageElsewhere  = 1041
	dataOwnProvince        = 1045
	dataSubjectCancelled   = 1049
	dataUnitDeleted        = 1053
	dataUnitInvalid        = 1054
	dataSheetOfOther       = 1055
	dataAttachmentFormat   = 1056
	dataAttachmentPurpose  = 1057
	dataNoSubject          = 1058
	dataPurposeOwner       = 1061
	dataIPNotReported      = 1063
	dataWebsiteBlacklisted = 1064
	dataSubjectBlacklisted = 1065
	dataLanguage           = 1066
	dataOther              = 1999
	dataSchema             = 5001
	dataAttributeMissing   = 5002
	dataProviderDiffers    = 5003
	dataVersion            = 5004
	dataReported           = 5006
	dataIllegalCharacter   = 5008
	dataNoRight            = 5009
	dataAttachmentContent  = 5010
	dataOperationNotOpen   = 5011
)
