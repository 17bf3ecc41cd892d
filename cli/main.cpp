#include <exception>
#include <iostream>

#include "cli/command_line.h"

int main(int argc, char** argv) {
  try {
    return fermata::cli::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "fermata: " << error.what() << '\n';
    return 4;
  }
}
