// RowOps: what a transaction does to rows, as bytes: statements in their order, each with its values. Made on the engine thread,
// executed on the connection, maybe by another thread and later; so it holds copies and no pointers.
//
// Floor 5, persistence/sqlite only.
//
//   RowOps ops;
//   ops.statement(RowStatement::delete_token, RowOps::Must::change_one);
//   ops.value(instance); ops.value(token);
//   for (const RowOps::Op& op : ops.all()) {
//     RowOps::Reader reader(ops, op);
//     while (reader.next()) ...
//   }
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::sqlite {

enum class RowStatement : std::uint8_t;

class RowOps {
 public:
  enum class Must : std::uint8_t { nothing, change_one };
  enum class Tag : std::uint8_t { null, integer, text, bytes };

  /// A statement; its values lie at `at`, one after the other.
  struct Op {
    std::size_t at;
    RowStatement statement;
    Must must;
    std::uint8_t values;
  };

  void statement(RowStatement which, Must must) { ops_.push_back({bytes_.size(), which, must, 0}); }
  void value(std::int64_t number) {
    char written[1 + sizeof number];
    written[0] = static_cast<char>(Tag::integer);
    std::memcpy(written + 1, &number, sizeof number);
    count();
    bytes_.append(written, sizeof written);
  }
  void value(std::string_view text) { content(Tag::text, text); }
  void value_bytes(std::string_view bytes) { content(Tag::bytes, bytes); }
  void value_null() {
    count();
    bytes_ += static_cast<char>(Tag::null);
  }
  /// A text or bytes that `append` writes to the end of the string it is given.
  template <class Append>
  void written(Tag kind, Append&& append) {
    count();
    bytes_ += static_cast<char>(kind);
    const std::size_t at = bytes_.size();
    bytes_.append(sizeof(std::uint32_t), '\0');
    append(bytes_);
    const auto size = static_cast<std::uint32_t>(bytes_.size() - at - sizeof(std::uint32_t));
    std::memcpy(bytes_.data() + at, &size, sizeof size);
  }

  [[nodiscard]] bool empty() const { return ops_.empty(); }
  [[nodiscard]] std::span<const Op> all() const { return ops_; }
  [[nodiscard]] std::size_t capacity() const { return bytes_.capacity() + ops_.capacity() * sizeof(Op); }
  void clear() {
    bytes_.clear();
    ops_.clear();
  }

  /// The values of one statement, in the order of writing. Views are into the ops: valid as long as those are unchanged.
  class Reader {
   public:
    Reader(const RowOps& ops, const Op& op) : bytes_(ops.bytes_), at_(op.at), values_left_(op.values) {}
    [[nodiscard]] bool next() {
      if (values_left_ == 0) return false;
      --values_left_;
      tag = static_cast<Tag>(bytes_[at_++]);
      if (tag == Tag::integer) {
        std::memcpy(&integer, bytes_.data() + at_, sizeof integer);
        at_ += sizeof integer;
      } else if (tag != Tag::null) {
        std::uint32_t size = 0;
        std::memcpy(&size, bytes_.data() + at_, sizeof size);
        content = bytes_.substr(at_ + sizeof size, size);
        at_ += sizeof size + size;
      }
      return true;
    }
    Tag tag{};
    std::int64_t integer = 0;
    std::string_view content;

   private:
    std::string_view bytes_;
    std::size_t at_;
    int values_left_;
  };

 private:
  void count() { ++ops_.back().values; }
  void content(Tag kind, std::string_view bytes) {
    char written[1 + sizeof(std::uint32_t)];
    written[0] = static_cast<char>(kind);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    std::memcpy(written + 1, &size, sizeof size);
    count();
    bytes_.append(written, sizeof written);
    bytes_ += bytes;
  }

  std::string bytes_;
  std::vector<Op> ops_;
};

}  // namespace fermata::sqlite
