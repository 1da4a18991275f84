package audit

// wantChain was computed apart from this package, with Python's hashlib.
const wantChain = "6a9268903b121e1af204e1886306d7c8a3f9836ff1437757236e0f9eec0c9842"
