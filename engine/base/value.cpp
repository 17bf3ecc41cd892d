#include "engine/base/value.h"

#include <algorithm>
#include <cstring>

#include "engine/base/check.h"

namespace fermata {

struct Value::StringNode final : RefCounted {
  explicit StringNode(std::string made) : text(std::move(made)) {}
  std::string text;
};

struct Value::ListNode final : RefCounted {
  ListNode(List made, std::size_t nesting) : items(std::move(made)), depth(nesting) {}
  List items;
  std::size_t depth;
};

struct Value::ContextNode final : RefCounted {
  ContextNode(Entries made, std::size_t nesting) : entries(std::move(made)), depth(nesting) {}
  Entries entries;
  std::vector<std::uint32_t> by_key;  // indices of entries in key order; empty for small contexts, which are searched in line
  std::size_t depth;
};

namespace {
// Below this many entries a linear search beats the index.
constexpr std::size_t indexed_context_size = 12;
}  // namespace

void Value::destroy() noexcept { delete small_.node; }

Value Value::of_node(ValueKind kind, const RefCounted* node) {
  Value value;
  value.kind_ = kind;
  value.small_.node = node;
  value.retain();
  return value;
}

Value Value::boolean(bool made) {
  Value value;
  value.kind_ = ValueKind::boolean;
  value.small_.boolean = made;
  return value;
}

Value Value::number(const Decimal& made) {
  Value value;
  value.kind_ = ValueKind::number;
  value.small_.bits[0] = made.low();
  value.small_.bits[1] = made.high();
  return value;
}

Value Value::string(std::string made) { return of_node(ValueKind::string, new StringNode(std::move(made))); }

Value Value::list(List items) {
  std::size_t depth = 0;
  for (const Value& item : items) depth = std::max(depth, item.depth());
  return of_node(ValueKind::list, new ListNode(std::move(items), depth + 1));
}

Value Value::context(Entries entries) {
  std::size_t depth = 0;
  for (const Entry& entry : entries) depth = std::max(depth, entry.value.depth());
  auto* node = new ContextNode(std::move(entries), depth + 1);
  Entries& kept = node->entries;
  if (kept.size() < indexed_context_size) {
    for (std::size_t i = kept.size(); i-- > 0;) {
      for (std::size_t earlier = i; earlier-- > 0;) {
        if (kept[earlier].key != kept[i].key) continue;
        kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(earlier));
        --i;
      }
    }
  } else {
    std::vector<std::uint32_t> order(kept.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto before = [&kept](std::uint32_t a, std::uint32_t b) { return kept[a].key < kept[b].key; };
    std::stable_sort(order.begin(), order.end(), before);
    std::vector<bool> dropped(kept.size(), false);
    bool any_dropped = false;
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
      if (kept[order[i]].key == kept[order[i + 1]].key) any_dropped = dropped[order[i]] = true;
    }
    if (any_dropped) {
      Entries unique;
      for (std::size_t i = 0; i < kept.size(); ++i) {
        if (!dropped[i]) unique.push_back(std::move(kept[i]));
      }
      kept = std::move(unique);
      order.resize(kept.size());
      for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
      std::sort(order.begin(), order.end(), before);
    }
    node->by_key = std::move(order);
  }
  return of_node(ValueKind::context, node);
}

Value Value::boxed(const Boxed* made_by_new) { return of_node(ValueKind::boxed, made_by_new); }

bool Value::as_boolean() const {
  FERMATA_CHECK(kind_ == ValueKind::boolean, "as_boolean of another kind");
  return small_.boolean;
}

Decimal Value::as_number() const {
  FERMATA_CHECK(kind_ == ValueKind::number, "as_number of another kind");
  return Decimal(small_.bits[0], small_.bits[1]);
}

std::string_view Value::as_string() const {
  FERMATA_CHECK(kind_ == ValueKind::string, "as_string of another kind");
  return static_cast<const StringNode*>(small_.node)->text;
}

std::span<const Value> Value::as_list() const {
  FERMATA_CHECK(kind_ == ValueKind::list, "as_list of another kind");
  return static_cast<const ListNode*>(small_.node)->items;
}

std::span<const Value::Entry> Value::as_context() const {
  FERMATA_CHECK(kind_ == ValueKind::context, "as_context of another kind");
  return static_cast<const ContextNode*>(small_.node)->entries;
}

const Boxed& Value::as_boxed() const {
  FERMATA_CHECK(kind_ == ValueKind::boxed, "as_boxed of another kind");
  return *static_cast<const Boxed*>(small_.node);
}

namespace {

// Keys are short, and a call of memcmp costs more than comparing them. Both have this size.
template <class Word>
bool same_ends(const char* a, const char* b, std::size_t size) {
  Word first[2], last[2];
  std::memcpy(&first[0], a, sizeof(Word));
  std::memcpy(&first[1], b, sizeof(Word));
  std::memcpy(&last[0], a + size - sizeof(Word), sizeof(Word));
  std::memcpy(&last[1], b + size - sizeof(Word), sizeof(Word));
  return first[0] == first[1] && last[0] == last[1];
}

bool same_key(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() > 2 * sizeof(std::uint64_t)) return a == b;
  if (a.size() >= sizeof(std::uint64_t)) return same_ends<std::uint64_t>(a.data(), b.data(), a.size());
  if (a.size() >= sizeof(std::uint32_t)) return same_ends<std::uint32_t>(a.data(), b.data(), a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace

const Value* Value::find(std::string_view key) const {
  if (kind_ != ValueKind::context) return nullptr;
  const auto& node = *static_cast<const ContextNode*>(small_.node);
  if (node.by_key.empty()) {
    for (const Entry& entry : node.entries) {
      if (same_key(entry.key, key)) return &entry.value;
    }
    return nullptr;
  }
  const auto at = std::lower_bound(node.by_key.begin(), node.by_key.end(), key, [&node](std::uint32_t index, std::string_view wanted) {
    return node.entries[index].key < wanted;
  });
  if (at == node.by_key.end() || node.entries[*at].key != key) return nullptr;
  return &node.entries[*at].value;
}

std::size_t Value::depth() const {
  if (kind_ == ValueKind::list) return static_cast<const ListNode*>(small_.node)->depth;
  if (kind_ == ValueKind::context) return static_cast<const ContextNode*>(small_.node)->depth;
  if (kind_ == ValueKind::boxed) return as_boxed().depth();
  return 0;
}

namespace {

bool equal_lists(std::span<const Value> a, std::span<const Value> b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

bool equal_contexts(const Value& a, const Value& b) {
  if (a.as_context().size() != b.as_context().size()) return false;
  for (const Value::Entry& entry : a.as_context()) {
    const Value* other = b.find(entry.key);
    if (other == nullptr || !(*other == entry.value)) return false;
  }
  return true;
}

}  // namespace

bool operator==(const Value& a, const Value& b) {
  if (a.kind_ != b.kind_) return false;
  if (a.shared() && a.small_.node == b.small_.node) return true;
  switch (a.kind_) {
    case ValueKind::null: return true;
    case ValueKind::boolean: return a.small_.boolean == b.small_.boolean;
    case ValueKind::number: return a.as_number() == b.as_number();
    case ValueKind::string: return a.as_string() == b.as_string();
    case ValueKind::list: return equal_lists(a.as_list(), b.as_list());
    case ValueKind::context: return equal_contexts(a, b);
    case ValueKind::boxed: return a.as_boxed().tag() == b.as_boxed().tag() && a.as_boxed().equals(b.as_boxed());
  }
  return false;
}

}  // namespace fermata
