// Bits: a set of small numbers.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace fermata::dmn::lint {

class Bits {
 public:
  Bits() = default;
  explicit Bits(std::size_t size, bool all = false) : words_((size + 63) / 64, all ? ~std::uint64_t{0} : 0) {
    if (all && size % 64 != 0) words_.back() = (std::uint64_t{1} << (size % 64)) - 1;
  }

  void set(std::size_t at) { words_[at / 64] |= std::uint64_t{1} << (at % 64); }
  void set(std::size_t from, std::size_t to) {
    for (; from < to && from % 64 != 0; ++from) set(from);
    for (; from + 64 <= to; from += 64) words_[from / 64] = ~std::uint64_t{0};
    for (; from < to; ++from) set(from);
  }
  void clear(std::size_t at) { words_[at / 64] &= ~(std::uint64_t{1} << (at % 64)); }
  [[nodiscard]] bool has(std::size_t at) const { return (words_[at / 64] >> (at % 64) & 1) != 0; }
  [[nodiscard]] bool any() const {
    for (const std::uint64_t word : words_) {
      if (word != 0) return true;
    }
    return false;
  }
  [[nodiscard]] std::size_t words() const { return words_.size(); }
  [[nodiscard]] std::uint64_t word(std::size_t at) const { return words_[at]; }
  [[nodiscard]] std::size_t count() const {
    std::size_t ones = 0;
    for (const std::uint64_t word : words_) ones += static_cast<std::size_t>(std::popcount(word));
    return ones;
  }
  /// The first one in all of the sets, or npos. They are of the same size.
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  [[nodiscard]] static std::size_t first_common(const Bits& a, const Bits& b) {
    for (std::size_t i = 0; i < a.words_.size(); ++i) {
      if (const std::uint64_t both = a.words_[i] & b.words_[i]; both != 0)
        return i * 64 + static_cast<std::size_t>(std::countr_zero(both));
    }
    return npos;
  }
  [[nodiscard]] static std::size_t first_common(const Bits& a, const Bits& b, const Bits& c) {
    for (std::size_t i = 0; i < a.words_.size(); ++i) {
      if (const std::uint64_t all = a.words_[i] & b.words_[i] & c.words_[i]; all != 0)
        return i * 64 + static_cast<std::size_t>(std::countr_zero(all));
    }
    return npos;
  }
  Bits& operator&=(const Bits& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
  }

  friend bool operator==(const Bits&, const Bits&) = default;
  friend bool operator<(const Bits& a, const Bits& b) { return a.words_ < b.words_; }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace fermata::dmn::lint
