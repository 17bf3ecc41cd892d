// Value: immutable JSON-like data: the content of variables, the input and result of every expression.
//
// Floor 0. 24 bytes; strings, lists and contexts are shared by an atomic reference count, so a copy is cheap and may go to
// another thread. Never modified after it was made. Destroying is recursive; depth is bounded by limits::value_depth_max, which
// parse_json() and every expression enforce through depth().
//
//   Value order = Value::context({{"id", Value::string("A-7")}, {"lines", Value::list({Value::integer(3)})}});
//   order.find("id")->as_string()  ->  "A-7"
//
// Temporal values, ranges and functions of FEEL are `Boxed` objects of the FEEL library: data to everyone else, stored as their
// JSON text form (a date as the string "2026-11-21").
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/decimal.h"

namespace fermata {

class Value;

enum class ValueKind : std::uint8_t { null, boolean, number, string, list, context, boxed };

/// A shared, immutable payload. Reference-counted by Value only.
class RefCounted {
 public:
  virtual ~RefCounted() = default;

 private:
  friend class Value;
  mutable std::atomic<std::uint32_t> references_{0};
};

/// A value of a library above the base (FEEL's date, range, function ...). The tag tells the library its own types apart.
class Boxed : public RefCounted {
 public:
  /// `depth` is the nesting of what the object holds itself (a closure's captured values), so that Value::depth() sees through it.
  explicit Boxed(std::uint32_t tag, std::size_t depth = 0) : depth_(depth), tag_(tag) {}
  [[nodiscard]] std::uint32_t tag() const { return tag_; }
  [[nodiscard]] std::size_t depth() const { return depth_; }
  [[nodiscard]] virtual bool equals(const Boxed& other) const = 0;
  /// What a variable keeps of it: null, or a string in FEEL's own notation.
  [[nodiscard]] virtual Value stored_form() const = 0;

 private:
  std::size_t depth_;
  std::uint32_t tag_;
};

class Value {
 public:
  struct Entry;
  using Entries = std::vector<Entry>;
  using List = std::vector<Value>;

  Value() noexcept : kind_(ValueKind::null), small_{} {}  ///< null
  // Here, because expressions copy little else: most values are not shared, and then there is nothing to count.
  Value(const Value& other) noexcept : kind_(other.kind_), small_(other.small_) { retain(); }
  Value(Value&& other) noexcept : kind_(other.kind_), small_(other.small_) { other.kind_ = ValueKind::null; }
  Value& operator=(const Value& other) noexcept {
    other.retain();
    release();
    kind_ = other.kind_;
    small_ = other.small_;
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    if (this == &other) return *this;
    release();
    kind_ = other.kind_;
    small_ = other.small_;
    other.kind_ = ValueKind::null;
    return *this;
  }
  ~Value() { release(); }

  static Value null() { return Value{}; }
  static Value boolean(bool value);
  static Value number(const Decimal& value);
  static Value integer(std::int64_t value) { return number(Decimal::from_int64(value)); }
  static Value string(std::string value);  ///< UTF-8; validity is the maker's duty (parse_json and the FEEL scanner check it)
  static Value string(std::string_view value) { return string(std::string(value)); }
  static Value string(const char* value) { return string(std::string(value)); }
  static Value list(List items);
  /// Keeps the order of entries; of entries with the same key the last wins and the earlier is dropped.
  static Value context(Entries entries);
  static Value boxed(const Boxed* made_by_new);  ///< takes ownership

  [[nodiscard]] ValueKind kind() const { return kind_; }
  [[nodiscard]] bool is_null() const { return kind_ == ValueKind::null; }
  [[nodiscard]] bool is_boolean() const { return kind_ == ValueKind::boolean; }
  [[nodiscard]] bool is_number() const { return kind_ == ValueKind::number; }
  [[nodiscard]] bool is_string() const { return kind_ == ValueKind::string; }
  [[nodiscard]] bool is_list() const { return kind_ == ValueKind::list; }
  [[nodiscard]] bool is_context() const { return kind_ == ValueKind::context; }
  [[nodiscard]] bool is_boxed() const { return kind_ == ValueKind::boxed; }

  // The readers below check the kind (FERMATA_CHECK): ask first.
  [[nodiscard]] bool as_boolean() const;
  [[nodiscard]] Decimal as_number() const;
  [[nodiscard]] std::string_view as_string() const;  ///< valid while this value, or a copy of it, lives
  [[nodiscard]] std::span<const Value> as_list() const;
  [[nodiscard]] std::span<const Entry> as_context() const;
  [[nodiscard]] const Boxed& as_boxed() const;

  /// The entry of a context, or nullptr (also when this is not a context).
  [[nodiscard]] const Value* find(std::string_view key) const;

  /// 0 for scalars, 1 for an empty list, one more than the deepest item otherwise. O(1).
  [[nodiscard]] std::size_t depth() const;

  /// For an evaluator that shows one item of a list after another: this becomes `other` without being counted as another owner, so `other`
  /// must stay where it is until forget(). Copies of this are values like all others; it must not be moved from or assigned to meanwhile.
  void borrow(const Value& other) noexcept {
    release();
    kind_ = other.kind_;
    small_ = other.small_;
  }
  void forget() noexcept { kind_ = ValueKind::null; }

  /// Deep equality: numbers by value (1.0 == 1), contexts regardless of order.
  friend bool operator==(const Value& a, const Value& b);

 private:
  struct StringNode;
  struct ListNode;
  struct ContextNode;

  [[nodiscard]] bool shared() const { return kind_ >= ValueKind::string; }  // string, list, context, boxed
  static Value of_node(ValueKind kind, const RefCounted* node);
  void retain() const noexcept {
    if (shared()) small_.node->references_.fetch_add(1, std::memory_order_relaxed);
  }
  void release() noexcept {
    if (shared() && small_.node->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy();
  }
  void destroy() noexcept;  ///< the last one lets go

  ValueKind kind_;
  union Small {
    bool boolean;
    std::uint64_t bits[2];
    const RefCounted* node;
  } small_;
};

struct Value::Entry {
  std::string key;
  Value value;
};

/// A name and its value, as commands and events carry them.
struct Variable {
  std::string name;
  Value value;
};
using Variables = std::vector<Variable>;

}  // namespace fermata
