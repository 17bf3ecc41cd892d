#include "activities/host/secret_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

extern char** environ;

namespace fermata::activities {
namespace {

constexpr std::size_t file_bytes_max = 1u << 20;
constexpr std::string_view environment_prefix = "FERMATA_SECRET_";

struct Descriptor {
  int fd = -1;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  });
}

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// Checks the permissions on the open descriptor, so that the file checked is the file read.
Result<std::string> read_private_file(const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd < 0) return fail(ErrorCode::not_found, "secrets file " + path + ": " + std::strerror(errno));
  struct stat info {};
  if (::fstat(file.fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    return fail(ErrorCode::invalid_argument, "secrets file " + path + " is not a regular file");
  }
  if ((info.st_mode & 077) != 0) {
    return fail(ErrorCode::permission_denied, "secrets file " + path + " can be read by others: run chmod 600 on it");
  }
  if (info.st_uid != ::geteuid() && info.st_uid != 0) {
    return fail(ErrorCode::permission_denied, "secrets file " + path + " belongs to another user");
  }
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t got = ::read(file.fd, buffer, sizeof buffer);
    if (got < 0) return fail(ErrorCode::unavailable, "secrets file " + path + ": " + std::strerror(errno));
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > file_bytes_max)
      return fail(ErrorCode::invalid_argument, "secrets file " + path + " is larger than 1 MiB");
  }
}

}  // namespace

SecretSource SecretSource::of(std::map<std::string, std::string, std::less<>> values) {
  SecretSource source;
  source.values_ = std::move(values);
  return source;
}

SecretSource SecretSource::from_environment() {
  SecretSource source;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || text.substr(0, environment_prefix.size()) != environment_prefix) continue;
    source.values_.emplace(text.substr(environment_prefix.size(), equals - environment_prefix.size()),
                           text.substr(equals + 1));
  }
  return source;
}

Result<SecretSource> SecretSource::load(const std::string& path) {
  const Result<std::string> file = read_private_file(path);
  if (!file) return fail(file.error());
  SecretSource source = from_environment();
  std::string_view rest = *file;
  for (int line_number = 1; !rest.empty(); ++line_number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty() || line.front() == '#') continue;
    const std::size_t equals = line.find('=');
    const std::string_view name = trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(name)) {
      return fail(ErrorCode::invalid_argument,
                  "secrets file " + path + ", line " + std::to_string(line_number) + ": expected NAME = value");
    }
    std::string_view value = trimmed(line.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    source.values_.insert_or_assign(std::string(name), std::string(value));
  }
  return source;
}

std::optional<std::string> SecretSource::find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

}  // namespace fermata::activities
