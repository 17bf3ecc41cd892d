// One activation of one BPMN element (BPMN 2.0.2, 13.2.2 and figure 13.2).
#include "engine/lifecycle/lifecycle.h"
#include "engine/lifecycle/machine.h"

namespace fermata {
namespace {

using enum ElementStatus;
using lifecycle_detail::All;
using lifecycle_detail::Row;
using On = ElementTrigger;

using Table = boost::mpl::vector<
    Row<activating, On::activate, active>,               //
    Row<activating, On::begin_completion, completing>,   // passes without waiting, but its outputs or flows fail
    Row<active, On::begin_completion, completing>,       //
    Row<activating, On::complete, completed>,            // passes without waiting: one fact instead of three
    Row<active, On::complete, completed>,                //
    Row<completing, On::complete, completed>,            //
    Row<activating, On::terminate, terminated>,          //
    Row<active, On::terminate, terminated>,              //
    Row<completing, On::terminate, terminated>>;
using Machine = lifecycle_detail::Machine<Table, activating>;

}  // namespace

std::optional<ElementStatus> step(ElementStatus from, ElementTrigger trigger) {
  return lifecycle_detail::next_state<Machine>(from, trigger, All<activating, active, completing, completed, terminated>{},
                                               All<On::activate, On::begin_completion, On::complete, On::terminate>{});
}

}  // namespace fermata
