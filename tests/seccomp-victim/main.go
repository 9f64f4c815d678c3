// Makes the calls that its standard input lists, one a line, and prints what the kernel answers to each, 0 where it does not fail:
//
//	x64 41 2 1 6
//	x86 102 1 0
//	x32 1073741864 2 1 6
//
// x86 calls come through `int 0x80`, whatever the program is. The file descriptors of the answers are out of reach of the calls.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// int80 makes a 32-bit call; the answer is negative where it fails.
func int80(number, a, b, c, d, e uintptr) int32

func main() {
	runtime.LockOSThread()
	var calls []string
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		calls = append(calls, lines.Text())
	}
	for _, call := range calls {
		words := strings.Fields(call)
		var v [7]uintptr
		for i, word := range words[1:] {
			number, err := strconv.ParseUint(word, 0, 64)
			if err != nil {
				panic(err)
			}
			v[i] = uintptr(number)
		}
		errno := 0
		if words[0] == "x86" {
			if answer := int80(v[0], v[1], v[2], v[3], v[4], v[5]); answer < 0 && answer > -4096 {
				errno = int(-answer)
			}
		} else {
			_, _, failed := syscall.RawSyscall6(v[0], v[1], v[2], v[3], v[4], v[5], v[6])
			errno = int(failed)
		}
		fmt.Println(errno)
	}
}
