// FaultyStore: a store whose writes fail when it is told so. Nothing of a failed transaction is durable, as a Store promises.
//
//   faults->probability = 0.2;        // of each append, key bound and commit
//   faults->fail_next_commits = 1;
#pragma once

#include <memory>
#include <random>

#include "persistence/lookup_forwarder.h"
#include "persistence/read_session.h"

namespace fermata::simulation {

struct Faults {
  double probability = 0;
  int fail_next_commits = 0;
  ErrorCode code = ErrorCode::resource_exhausted;
  int commits = 0;  ///< that were asked for
  int failed = 0;
  std::mt19937_64 random{1};

  [[nodiscard]] bool strikes() {
    const bool hit = probability > 0 && std::uniform_real_distribution<>(0, 1)(random) < probability;
    failed += hit ? 1 : 0;
    return hit;
  }
};

class FaultyTransaction final : public LookupForwarder {
 public:
  FaultyTransaction(std::unique_ptr<StoreTransaction> inner, std::shared_ptr<Faults> faults)
      : LookupForwarder(*inner), inner_(std::move(inner)), faults_(std::move(faults)) {}

  Result<void> append(const Transition& transition, const InstanceState* after) override {
    if (faults_->strikes()) return broken("append");
    return inner_->append(transition, after);
  }
  Result<void> set_next_key(std::int64_t next_key) override {
    if (faults_->strikes()) return broken("set_next_key");
    return inner_->set_next_key(next_key);
  }
  Result<void> commit() override {
    ++faults_->commits;
    if (faults_->fail_next_commits > 0) {
      --faults_->fail_next_commits;
      ++faults_->failed;
      return broken("commit");
    }
    if (faults_->strikes()) return broken("commit");
    return inner_->commit();
  }

 private:
  [[nodiscard]] tl::unexpected<Error> broken(const char* what) const { return fail(faults_->code, std::string("injected fault in ") + what); }

  std::unique_ptr<StoreTransaction> inner_;
  std::shared_ptr<Faults> faults_;
};

class FaultyStore final : public Store {
 public:
  FaultyStore(std::unique_ptr<Store> inner, std::shared_ptr<Faults> faults) : inner_(std::move(inner)), faults_(std::move(faults)) {}

  Result<std::unique_ptr<StoreTransaction>> begin() override {
    auto transaction = inner_->begin();
    if (!transaction) return transaction;
    return std::unique_ptr<StoreTransaction>(std::make_unique<FaultyTransaction>(std::move(*transaction), faults_));
  }
  StoreLookups& lookups() override { return inner_->lookups(); }
  Result<std::int64_t> next_key() override { return inner_->next_key(); }
  void idle() override { inner_->idle(); }
  Result<std::unique_ptr<ReadSession>> read() override { return inner_->read(); }

 private:
  std::unique_ptr<Store> inner_;
  std::shared_ptr<Faults> faults_;
};

}  // namespace fermata::simulation
