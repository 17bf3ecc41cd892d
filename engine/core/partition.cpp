#include "engine/core/partition.h"

#include <numeric>

#include "engine/core/chain.h"
#include "engine/core/definition_cache.h"
#include "engine/core/instance_cache.h"

namespace fermata {

struct Partition::Impl {
  Impl(PartitionOptions with, KeySource& from, ResourceCompiler for_processes, DecisionCompiler for_decisions)
      : options(std::move(with)),
        keys(from),
        instances(options.cached_instances_max),
        definitions(std::move(for_processes)),
        decisions(std::move(for_decisions)) {}

  [[nodiscard]] PartitionParts parts(const std::function<void(const Transition&, const InstanceState*)>& observer) {
    return {options, keys, instances, definitions, decisions, observer};
  }

  PartitionOptions options;
  KeySource& keys;
  InstanceCache instances;
  DefinitionCache definitions;
  DecisionCache decisions;
};

Partition::Partition(PartitionOptions options, KeySource& keys, ResourceCompiler processes, DecisionCompiler decisions)
    : impl_(std::make_unique<Impl>(std::move(options), keys, std::move(processes), std::move(decisions))) {}

Partition::~Partition() = default;

namespace {

// The answer that was given the first time, or the refusal of another request under the same key.
Result<std::optional<Outcome>> remembered(const ClientRequest& request, Timestamp now, StoreTransaction& transaction) {
  const auto known = transaction.find_request(request.idempotency_source, request.idempotency_key);
  if (!known) return fail(known.error());
  if (!*known || (*known)->expires_at <= now) return std::optional<Outcome>();
  if ((*known)->fingerprint != request.fingerprint) {
    return std::optional<Outcome>(tl::unexpected(Rejection{
        RejectionCode::already_exists, "idempotency key '" + request.idempotency_key + "' was used for a different request already"}));
  }
  Result<Reply> reply = decode_reply((*known)->reply);
  if (!reply) return fail(reply.error());
  return std::optional<Outcome>(std::move(*reply));
}

template <class Command>
std::size_t variables_in(const Command& command) {
  if constexpr (requires { command.variables; }) {
    return command.variables.size();
  } else if constexpr (std::is_same_v<Command, ModifyInstance>) {
    return std::accumulate(command.activate.begin(), command.activate.end(), std::size_t{0},
                           [](std::size_t sum, const ModifyInstance::Activate& activate) { return sum + activate.variables.size(); });
  } else {
    return 0;
  }
}

std::optional<Rejection> too_many_variables(const ClientCommand& command) {
  const std::size_t count = std::visit([](const auto& wish) { return variables_in(wish); }, command);
  if (count <= limits::variables_per_command_max) return std::nullopt;
  return Rejection{RejectionCode::limit_exceeded, std::to_string(count) + " variables in one request; at most " +
                                                      std::to_string(limits::variables_per_command_max) + " are taken: put them into one, as an object"};
}

}  // namespace

Result<Executed> Partition::execute(const ClientRequest& request, Timestamp now, StoreTransaction& transaction) {
  const bool idempotent = !request.idempotency_source.empty();
  if (idempotent) {
    Result<std::optional<Outcome>> known = remembered(request, now, transaction);
    if (!known) return fail(known.error());
    if (*known) return Executed{std::move(**known), {}};
  }
  if (auto refused = too_many_variables(request.command)) return Executed{Outcome(tl::unexpected(std::move(*refused))), {}};
  Chain chain(impl_->parts(observer), transaction, CommandContext{now, request.actor, request.set_down});
  Result<Outcome> outcome = chain.execute(request.command);
  if (!outcome) return fail(outcome.error());
  if (Result<void> done = chain.run_follow_ups(); !done) return fail(done.error());
  if (idempotent && *outcome) {
    RequestRecord record{request.idempotency_source, request.idempotency_key, request.fingerprint, encode_reply(**outcome), now,
                         now + request.idempotency_ttl};
    if (Result<void> written = chain.record(chain.reserve(), "rememberRequest", {RequestRemembered{std::move(record)}}); !written) {
      return fail(written.error());
    }
  }
  return Executed{std::move(*outcome), chain.take_effects()};
}

Result<std::size_t> Partition::expire_messages(Timestamp now, StoreTransaction& transaction, std::size_t limit) {
  const auto expired = transaction.expired_messages(now, limit);
  if (!expired) return fail(expired.error());
  std::vector<Event> events;
  for (const MessageKey key : *expired) events.push_back(MessageExpired{key});
  Chain chain(impl_->parts(observer), transaction, CommandContext{now, "engine", {}});
  if (Result<void> written = chain.record(chain.reserve(), "expireMessages", std::move(events)); !written) return fail(written.error());
  return expired->size();
}

void Partition::forget_everything() {
  impl_->instances.clear();
  impl_->definitions.clear();
  impl_->decisions.clear();
}

}  // namespace fermata
