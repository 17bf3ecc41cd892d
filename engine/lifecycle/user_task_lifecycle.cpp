// A task for a person.
#include "engine/lifecycle/lifecycle.h"
#include "engine/lifecycle/machine.h"

namespace fermata {
namespace {

using enum UserTaskStatus;
using lifecycle_detail::All;
using lifecycle_detail::Row;
using On = UserTaskTrigger;

using Table = boost::mpl::vector<
    Row<created, On::assign, assigned>,     //
    Row<assigned, On::assign, assigned>,    // to somebody else
    Row<created, On::unassign, created>,    //
    Row<assigned, On::unassign, created>,   //
    Row<created, On::complete, completed>,  //
    Row<assigned, On::complete, completed>,
    Row<created, On::cancel, canceled>,  //
    Row<assigned, On::cancel, canceled>>;
using Machine = lifecycle_detail::Machine<Table, created>;

}  // namespace

std::optional<UserTaskStatus> step(UserTaskStatus from, UserTaskTrigger trigger) {
  return lifecycle_detail::next_state<Machine>(from, trigger, All<created, assigned, completed, canceled>{},
                                               All<On::assign, On::unassign, On::complete, On::cancel>{});
}

}  // namespace fermata
