#include "persistence/sqlite/owner_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace fermata::sqlite {
namespace {

constexpr std::size_t label_bytes = 256;

std::string read_label(int descriptor) {
  char buffer[label_bytes];
  const ssize_t got = pread(descriptor, buffer, sizeof buffer, 0);
  const std::string text(buffer, got > 0 ? static_cast<std::size_t>(got) : 0);
  return text.substr(0, text.find('\n'));
}

std::string reason() { return std::string(": ") + std::strerror(errno); }

}  // namespace

Result<OwnerLock> OwnerLock::take(const std::string& database_path) {
  const std::string path = database_path + ".owner";
  OwnerLock lock;
  lock.descriptor_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock.descriptor_ < 0) {
    return fail(errno == EACCES || errno == EROFS ? ErrorCode::permission_denied : ErrorCode::not_found,
                "cannot open the lock file " + path + reason());
  }
  if (flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail(ErrorCode::internal, "cannot lock " + path + reason());
    const std::string owner = read_label(lock.descriptor_);
    return fail(ErrorCode::unavailable, "the database " + database_path + " is in use by " +
                                            (owner.empty() ? "another process" : owner) +
                                            "; only one process may own it. Stop that one, or choose another data directory");
  }
  // Behind the text lies the record of LogWitness, so the file is not cut. A full disk must not keep a store from being read: the lock
  // is held, only its label may be missing.
  std::string text = "process " + std::to_string(getpid()) + " on " + host_name();
  text.resize(label_bytes - 1, ' ');
  text.insert(text.find_last_not_of(' ') + 1, 1, '\n');
  (void)!pwrite(lock.descriptor_, text.data(), text.size(), 0);
  return lock;
}

std::string OwnerLock::host_name() {
  char name[256] = {};
  if (gethostname(name, sizeof name - 1) != 0) return "this machine";
  return name;
}

OwnerLock::OwnerLock(OwnerLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

OwnerLock& OwnerLock::operator=(OwnerLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

OwnerLock::~OwnerLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace fermata::sqlite
