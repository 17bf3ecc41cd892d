// The hot path of conditions allocates nothing. Counts every operator new of this program, hence a program of its own.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/unit/feel/scope.h"

namespace {
std::atomic<std::size_t> allocations{0};
}

#pragma GCC diagnostic ignored "-Wmismatched-new-delete"  // both ends of the pair are replaced, by malloc and free
void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* made = std::malloc(size == 0 ? 1 : size)) return made;
  throw std::bad_alloc();
}
void operator delete(void* made) noexcept {
  std::free(made);
}
void operator delete(void* made, std::size_t) noexcept {
  std::free(made);
}

namespace fermata::feel {
namespace {

std::size_t allocations_of(std::string_view text, std::string_view variables) {
  const Result<CompiledPtr> compiled = compile(text);
  EXPECT_TRUE(compiled) << text;
  const testing::Scope scope(testing::from_json(variables));
  const EvaluationInput input{scope, testing::test_now};
  const std::size_t before = allocations.load();
  for (int i = 0; i < 10; ++i) {
    const Result<Value> value = (*compiled)->evaluate(input);
    if (!value) return 999;
  }
  return allocations.load() - before;
}

TEST(Allocation, ConditionsAllocateNothing) {
  constexpr std::string_view variables =
      R"({"amount": 150.25, "status": "open", "order": {"lines": [1], "customer": {"vip": true}}})";
  EXPECT_EQ(allocations_of("amount > 100 and status = \"open\"", variables), 0u);
  EXPECT_EQ(allocations_of("order.customer.vip = true or amount * 1.2 - 5 <= 1000", variables), 0u);
  EXPECT_EQ(allocations_of("if status = \"open\" then amount else 0", variables), 0u);
  EXPECT_EQ(allocations_of("amount between 1 and 200", variables), 0u);
  EXPECT_EQ(allocations_of("missing > 3", variables), 0u);  // null: the reason is built only when somebody asks
  EXPECT_GT(allocations_of("\"a\" + status", variables), 0u);
}

}  // namespace
}  // namespace fermata::feel
