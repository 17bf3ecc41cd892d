#include "persistence/sqlite/owner_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace fermata::sqlite {
namespace {

std::string read_all(int descriptor) {
  char buffer[256];
  const ssize_t got = pread(descriptor, buffer, sizeof buffer, 0);
  std::string text(buffer, got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
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
    const std::string owner = read_all(lock.descriptor_);
    return fail(ErrorCode::unavailable, "the database " + database_path + " is in use by " +
                                            (owner.empty() ? "another process" : owner) +
                                            "; only one process may own it. Stop that one, or choose another data directory");
  }
  const std::string text = "process " + std::to_string(getpid()) + " on " + host_name() + "\n";
  if (ftruncate(lock.descriptor_, 0) != 0 ||
      pwrite(lock.descriptor_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    // A full disk must not keep a store from being read: the lock is held, only its label is missing.
    (void)ftruncate(lock.descriptor_, 0);
  }
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
