// A process instance.
#include "engine/lifecycle/lifecycle.h"
#include "engine/lifecycle/machine.h"

namespace fermata {
namespace {

using enum InstanceStatus;
using lifecycle_detail::All;
using lifecycle_detail::Row;
using On = InstanceTrigger;

using Table = boost::mpl::vector<
    Row<active, On::complete, completed>,  //
    Row<active, On::terminate, terminated>>;
using Machine = lifecycle_detail::Machine<Table, active>;

}  // namespace

std::optional<InstanceStatus> step(InstanceStatus from, InstanceTrigger trigger) {
  return lifecycle_detail::next_state<Machine>(from, trigger, All<active, completed, terminated>{},
                                               All<On::complete, On::terminate>{});
}

}  // namespace fermata
