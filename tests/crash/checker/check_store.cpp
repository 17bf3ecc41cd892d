#include "tests/crash/checker/check_store.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace fermata::checker {
namespace {

namespace fs = std::filesystem;

// The file and its log in a folder that goes away by itself.
class Copy {
 public:
  explicit Copy(const std::string& path) {
    std::string pattern = (fs::temp_directory_path() / "fermata-check-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return;
    folder_ = pattern;
    std::error_code error;
    fs::copy_file(path, file(), error);
    if (!error && fs::exists(path + "-wal")) fs::copy_file(path + "-wal", file() + "-wal", error);
    good = !error;
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::string file() const { return folder_ + "/fermata.db"; }

  bool good = false;

 private:
  std::string folder_;
};

std::string read_all(int descriptor) {
  std::string text;
  char buffer[4096];
  for (ssize_t n = 0; (n = read(descriptor, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(n));
  return text;
}

[[noreturn]] void be_the_child(const std::string& path, int out) {
  dup2(out, STDERR_FILENO);  // where a failed check says why
  std::string text;
  for (const std::string& line : check_replay(path)) text += line + '\n';
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t n = write(out, text.data() + at, text.size() - at);
    if (n <= 0) _exit(2);
    at += static_cast<std::size_t>(n);
  }
  _exit(0);
}

void replay_in_child(const std::string& path, std::vector<std::string>& broken) {
  int ends[2];
  if (pipe(ends) != 0) {
    broken.emplace_back("no pipe for the replay");
    return;
  }
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    be_the_child(path, ends[1]);
  }
  close(ends[1]);
  std::istringstream lines(read_all(ends[0]));
  close(ends[0]);
  for (std::string line; std::getline(lines, line);) broken.push_back(line);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    broken.emplace_back("the events cannot be played again: the replay did not come to its end");
  }
}

}  // namespace

std::vector<std::string> check_store(const std::string& path) {
  const Copy copy(path);
  if (!copy.good) return {"the file cannot be copied: " + path};
  std::vector<std::string> broken = check_rows(copy.file());
  replay_in_child(copy.file(), broken);
  return broken;
}

}  // namespace fermata::checker
