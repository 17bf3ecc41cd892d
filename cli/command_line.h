// The command line: what `fermata --help` shows, and which function does it.
#pragma once

namespace fermata::cli {

/// Parses and runs; answers the exit code.
[[nodiscard]] int run_command_line(int argc, char** argv);

}  // namespace fermata::cli
