#include "persistence/sqlite/allocator.h"

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace fermata::sqlite {
namespace {

// Each block starts with its size, so that free() finds its list. 16 bytes keep what follows aligned.
struct alignas(16) Header {
  std::size_t bytes;  ///< behind the header
};
struct FreeBlock {
  FreeBlock* next;
};

constexpr std::size_t step_bytes = 64;
constexpr std::size_t small_bytes_max = 2048;
constexpr std::size_t lists = small_bytes_max / step_bytes;
constexpr std::size_t kept_per_list_max = 64;

std::size_t rounded(std::size_t bytes) { return (bytes + step_bytes - 1) / step_bytes * step_bytes; }

Header* header_of(void* block) { return static_cast<Header*>(block) - 1; }

/// The free blocks of one thread; a block may have been taken by another.
class ThreadLists {
 public:
  ~ThreadLists() {
    for (List& list : lists_) {
      while (list.first != nullptr) std::free(header_of(take(list)));
    }
    gone = true;
  }
  void* take(std::size_t bytes) {
    List& list = lists_[bytes / step_bytes - 1];
    return list.first == nullptr ? nullptr : take(list);
  }
  bool keep(void* block, std::size_t bytes) {
    List& list = lists_[bytes / step_bytes - 1];
    if (list.count == kept_per_list_max) return false;
    auto* freed = static_cast<FreeBlock*>(block);
    freed->next = list.first;
    list.first = freed;
    ++list.count;
    return true;
  }

  /// Set when the thread ends: what SQLite frees later goes straight to free().
  static thread_local bool gone;

 private:
  struct List {
    FreeBlock* first = nullptr;
    std::size_t count = 0;
  };
  static void* take(List& list) {
    FreeBlock* block = list.first;
    list.first = block->next;
    --list.count;
    return block;
  }
  std::array<List, lists> lists_{};
};

thread_local bool ThreadLists::gone = false;
thread_local ThreadLists thread_lists;

void* take_block(int wanted) {
  const std::size_t bytes = rounded(static_cast<std::size_t>(wanted));
  if (bytes <= small_bytes_max && !ThreadLists::gone) {
    if (void* kept = thread_lists.take(bytes)) return kept;
  }
  auto* header = static_cast<Header*>(std::malloc(sizeof(Header) + bytes));
  if (header == nullptr) return nullptr;
  header->bytes = bytes;
  return header + 1;
}

void free_block(void* block) {
  if (block == nullptr) return;
  const std::size_t bytes = header_of(block)->bytes;
  if (bytes <= small_bytes_max && !ThreadLists::gone && thread_lists.keep(block, bytes)) return;
  std::free(header_of(block));
}

int block_bytes(void* block) { return block == nullptr ? 0 : static_cast<int>(header_of(block)->bytes); }

void* resize_block(void* block, int wanted) {
  if (block_bytes(block) >= wanted && block_bytes(block) <= 2 * wanted) return block;
  void* made = take_block(wanted);
  if (made == nullptr) return nullptr;
  const int kept = block_bytes(block) < wanted ? block_bytes(block) : wanted;
  if (kept > 0) std::memcpy(made, block, static_cast<std::size_t>(kept));
  free_block(block);
  return made;
}

int round_up(int wanted) { return static_cast<int>(rounded(static_cast<std::size_t>(wanted))); }
int initialise(void*) { return SQLITE_OK; }
void shut_down(void*) {}

}  // namespace

void configure_library() {
  static const bool done = [] {
    static const sqlite3_mem_methods methods{take_block, free_block, resize_block, block_bytes, round_up, initialise, shut_down, nullptr};
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK && sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK;
  }();
  (void)done;
}

}  // namespace fermata::sqlite
