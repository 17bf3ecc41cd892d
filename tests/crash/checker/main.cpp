// fermata_check_store: prints every broken invariant of a database file that nobody has open; the file is not touched.
//
//   fermata_check_store FILE.db      exit code 0: none broken, 1: some, 2: wrong usage
//   fermata_check_store --loop       one file name a line on the standard input; for each: its lines, then "= COUNT"
#include <cstdio>
#include <iostream>
#include <string>

#include "tests/crash/checker/check_store.h"

namespace {

std::size_t print_broken(const std::string& path) {
  const auto broken = fermata::checker::check_store(path);
  for (const std::string& line : broken) std::printf("%s\n", line.c_str());
  return broken.size();
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) {
    std::fputs("usage: fermata_check_store FILE.db | --loop\n", stderr);
    return 2;
  }
  if (std::string(words[1]) != "--loop") return print_broken(words[1]) == 0 ? 0 : 1;
  for (std::string path; std::getline(std::cin, path);) {
    const std::size_t broken = print_broken(path);
    std::printf("= %zu\n", broken);
    std::fflush(stdout);
  }
  return 0;
}
