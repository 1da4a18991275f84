package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of processor times in /proc: Linux gives them in
// hundredths of a second to programs, whatever its own clock does.
const clockTick = 10 * time.Millisecond

// stat is a line of /proc/PID/stat, as far as it is needed.
type stat struct {
	parent int
	own    time.Duration // user and system
	dead   time.Duration // of children that have ended and were waited for
}

// parseStat reads the line. The name stands in brackets and may hold anything.
func parseStat(line []byte) (stat, error) {
	end := bytes.LastIndexByte(line, ')')
	if end < 0 {
		return stat{}, fmt.Errorf("no name in %q", line)
	}
	f := strings.Fields(string(line[end+1:])) // begins with field 3 of proc(5)
	if len(f) < 15 {
		return stat{}, fmt.Errorf("%d fields in %q", len(f), line)
	}
	var n [5]int64
	for i, at := range [5]int{1, 11, 12, 13, 14} { // ppid, utime, stime, cutime, cstime
		var err error
		if n[i], err = strconv.ParseInt(f[at], 10, 64); err != nil {
			return stat{}, fmt.Errorf("read field %d: %w", at+3, err)
		}
	}
	return stat{parent: int(n[0]), own: time.Duration(n[1]+n[2]) * clockTick, dead: time.Duration(n[3]+n[4]) * clockTick}, nil
}

func statOf(pid int) (stat, error) {
	line, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return stat{}, fmt.Errorf("read processor time: %w", err)
	}
	return parseStat(line)
}

// processorTime gives what a process has used, user and system.
func processorTime(pid int) (time.Duration, error) {
	s, err := statOf(pid)
	return s.own, err
}

// treeTime gives what a process and its children have used, living and dead.
func treeTime(pid int) (time.Duration, error) {
	s, err := statOf(pid)
	if err != nil {
		return 0, err
	}
	sum := s.own + s.dead
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, fmt.Errorf("list processes: %w", err)
	}
	for _, path := range all {
		line, err := os.ReadFile(path) //nolint:gosec // the kernel's files
		if err != nil {
			continue // it has ended
		}
		if child, err := parseStat(line); err == nil && child.parent == pid {
			sum += child.own
		}
	}
	return sum, nil
}

// memory gives the peak and the present resident memory of a process in bytes.
func memory(pid int) (peak, rss int64, err error) {
	f, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0, 0, fmt.Errorf("read memory: %w", err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(f)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		to := map[string]*int64{"VmHWM": &peak, "VmRSS": &rss}[name]
		if to == nil {
			continue
		}
		if _, err := fmt.Sscanf(value, "%d kB", to); err != nil {
			return 0, 0, fmt.Errorf("read %s: %w", name, err)
		}
		*to <<= 10
	}
	return peak, rss, nil
}

func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
