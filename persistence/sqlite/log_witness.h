// LogWitness: remembers, outside of the log, how long the log was at the last commit. Without it a log that was cut off (a full copy
// tool, a careless hand) would open as if the last commits had never been: SQLite cannot know that there were more.
//
// Floor 5, persistence/sqlite only. A few bytes in FILE.owner, rewritten after each sync of the log, without a sync of their own: the kernel keeps them when
// the process is killed; after a power loss they may be old, which only means that less is asked of the log. They are never ahead
// of it, because they are written after the commit was synced.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "engine/base/result.h"

namespace fermata::sqlite {

class LogWitness {
 public:
  /// What is remembered, as its bytes stand in the file.
  struct Record {
    std::array<char, 8> magic{};
    std::array<unsigned char, 12> generation{};  ///< of the log: how often it was started anew, and its salts
    std::uint32_t frames = 0;                    ///< 0: nothing is asked of the log
    std::uint32_t check = 0;                     ///< frames, turned around
  };

  /// data_loss when the log of an unfinished session is gone, or shorter than it was at the last commit. Before SQLite opens the file.
  [[nodiscard]] static Result<void> check(const std::string& database_path);

  LogWitness() = default;
  explicit LogWitness(const std::string& database_path);
  LogWitness(LogWitness&& other) noexcept;
  LogWitness& operator=(LogWitness&& other) noexcept;
  ~LogWitness();

  /// What to keep() once a commit that has just been written is synced: the log has so many frames. Trouble is of no consequence:
  /// then the next start asks for less. By the thread that commits.
  [[nodiscard]] Record record_of(int frames);
  /// After the sync, by the thread that has synced; one at a time.
  void keep(const Record& record);
  /// The session ends in order: SQLite will empty and delete the log.
  void closing();

 private:
  std::string log_path_;
  int owner_file_ = -1;
  int log_file_ = -1;
};

}  // namespace fermata::sqlite
