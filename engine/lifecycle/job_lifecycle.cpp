// A job: work for an activity or an outside worker. Leases, retries and what ends it.
#define BOOST_MPL_CFG_NO_PREPROCESSED_HEADERS
#define BOOST_MPL_LIMIT_VECTOR_SIZE 30  // the preprocessed headers of MPL stop at 20 rows
#include "engine/lifecycle/lifecycle.h"
#include "engine/lifecycle/machine.h"

namespace fermata {
namespace {

using enum JobStatus;
using lifecycle_detail::All;
using lifecycle_detail::Row;
using On = JobTrigger;

using Table = boost::mpl::vector<
    Row<ready, On::lock, locked>,        //
    Row<locked, On::lock, locked>,       // the lease is over
    Row<backing_off, On::lock, locked>,  // the pause is over

    Row<locked, On::prolong, locked>,  //
    Row<locked, On::release, ready>,   //

    Row<ready, On::fail_with_retries, backing_off>,        //
    Row<locked, On::fail_with_retries, backing_off>,       //
    Row<backing_off, On::fail_with_retries, backing_off>,  //

    Row<ready, On::fail_finally, out_of_retries>,        //
    Row<locked, On::fail_finally, out_of_retries>,       //
    Row<backing_off, On::fail_finally, out_of_retries>,  //

    Row<backing_off, On::ready_again, ready>,     //
    Row<out_of_retries, On::ready_again, ready>,  //

    Row<ready, On::complete, completed>,        //
    Row<locked, On::complete, completed>,       //
    Row<backing_off, On::complete, completed>,  //
    Row<out_of_retries, On::complete, completed>,  // an operator knows that it happened

    Row<ready, On::throw_error, error_thrown>,        //
    Row<locked, On::throw_error, error_thrown>,       //
    Row<backing_off, On::throw_error, error_thrown>,  //
    Row<out_of_retries, On::throw_error, error_thrown>,  //

    Row<ready, On::cancel, canceled>,        //
    Row<locked, On::cancel, canceled>,       //
    Row<backing_off, On::cancel, canceled>,  //
    Row<out_of_retries, On::cancel, canceled>>;
using Machine = lifecycle_detail::Machine<Table, ready>;

}  // namespace

std::optional<JobStatus> step(JobStatus from, JobTrigger trigger) {
  return lifecycle_detail::next_state<Machine>(
      from, trigger, All<ready, locked, backing_off, out_of_retries, completed, error_thrown, canceled>{},
      All<On::lock, On::prolong, On::release, On::fail_with_retries, On::fail_finally, On::ready_again, On::complete,
          On::throw_error, On::cancel>{});
}

}  // namespace fermata
