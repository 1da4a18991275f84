package main

import "runtime/debug"

// programName is this program with its version.
func programName() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return "beian " + info.Main.Version
	}
	return "beian"
}
