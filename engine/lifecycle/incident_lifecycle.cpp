// An incident: something a person must look at before the instance can go on.
#include "engine/lifecycle/lifecycle.h"
#include "engine/lifecycle/machine.h"

namespace fermata {
namespace {

using enum IncidentStatus;
using lifecycle_detail::All;
using lifecycle_detail::Row;
using On = IncidentTrigger;

using Table = boost::mpl::vector<Row<active, On::resolve, resolved>>;
using Machine = lifecycle_detail::Machine<Table, active>;

}  // namespace

std::optional<IncidentStatus> step(IncidentStatus from, IncidentTrigger trigger) {
  return lifecycle_detail::next_state<Machine>(from, trigger, All<active, resolved>{}, All<On::resolve>{});
}

}  // namespace fermata
