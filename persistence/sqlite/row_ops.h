// RowOps: what a transaction does to rows, as bytes: statements in their order, each with its values. Made on the engine thread,
// executed on the connection, maybe by another thread and later; so it holds copies and no pointers.
//
// Floor 5, persistence/sqlite only.
//
//   RowOps ops;
//   ops.statement(RowStatement::delete_token, RowOps::Must::change_one);
//   ops.value(instance); ops.value(token);
//   RowOps::Reader reader(ops);
//   while (reader.next()) { while (reader.next_value()) ... }
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace fermata::sqlite {

enum class RowStatement : std::uint8_t;

class RowOps {
 public:
  enum class Must : std::uint8_t { nothing, change_one };
  enum class Tag : std::uint8_t { null, integer, text, bytes };

  void statement(RowStatement which, Must must) {
    count_at_ = bytes_.size() + 2;
    bytes_ += static_cast<char>(which);
    bytes_ += static_cast<char>(must);
    bytes_ += '\0';
  }
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

  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::size_t capacity() const { return bytes_.capacity(); }
  void clear() { bytes_.clear(); }

  /// Reads in the order of writing. Views are into the ops: valid as long as those are unchanged.
  class Reader {
   public:
    explicit Reader(const RowOps& ops) : bytes_(ops.bytes_) {}
    /// The next statement; all values of the last one must have been read.
    [[nodiscard]] bool next() {
      if (at_ >= bytes_.size()) return false;
      statement = static_cast<RowStatement>(bytes_[at_]);
      must = static_cast<Must>(bytes_[at_ + 1]);
      values_left_ = static_cast<std::uint8_t>(bytes_[at_ + 2]);
      at_ += 3;
      return true;
    }
    [[nodiscard]] bool next_value() {
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
    RowStatement statement{};
    Must must{};
    Tag tag{};
    std::int64_t integer = 0;
    std::string_view content;

   private:
    std::string_view bytes_;
    std::size_t at_ = 0;
    int values_left_ = 0;
  };

 private:
  void count() { bytes_[count_at_] = static_cast<char>(bytes_[count_at_] + 1); }
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
  std::size_t count_at_ = 0;
};

}  // namespace fermata::sqlite
