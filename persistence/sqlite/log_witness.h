// LogWitness: remembers, outside of the log, how long the log was at the last commit. Without it a log that was cut off (a full copy
// tool, a careless hand) would open as if the last commits had never been: SQLite cannot know that there were more.
//
// Floor 5, persistence/sqlite only. A few bytes in FILE.owner, rewritten after each commit without a sync: the kernel keeps them when
// the process is killed; after a power loss they may be old, which only means that less is asked of the log. They are never ahead
// of it, because they are written after the commit was synced.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"

namespace fermata::sqlite {

class LogWitness {
 public:
  /// data_loss when the log of an unfinished session is gone, or shorter than it was at the last commit. Before SQLite opens the file.
  [[nodiscard]] static Result<void> check(const std::string& database_path);

  LogWitness() = default;
  explicit LogWitness(const std::string& database_path);
  LogWitness(LogWitness&& other) noexcept;
  LogWitness& operator=(LogWitness&& other) noexcept;
  ~LogWitness();

  /// After a commit: the log has so many frames. Trouble is of no consequence: then the next start asks for less.
  void committed(int frames);
  /// The session ends in order: SQLite will empty and delete the log.
  void closing();

 private:
  void write(std::uint32_t frames);

  std::string log_path_;
  int owner_file_ = -1;
  int log_file_ = -1;
};

}  // namespace fermata::sqlite
