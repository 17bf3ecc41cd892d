// What the five machines share: from our own enums to a Boost.MSM machine and back. Included by the machines' .cpp files only.
//
// MSM numbers its states by the order of rows, so its numbers are never stored: a machine is set to the number that
// get_state_id answers for our status, asked once, and read back the same way. Traps that this file knows:
// - the state is restored through serialize(), the only public way, with an archive that touches nothing but the state ids;
// - a refused event calls no_transition(), whose default asserts;
// - only HANDLED_TRUE counts: a refusing guard would answer HANDLED_GUARD_REJECT without calling no_transition();
// - without message queue and exception fence an event costs 10 ns instead of 51.
//
//   using Table = boost::mpl::vector<Row<JobStatus::ready, JobTrigger::lock, JobStatus::locked>>;
//   next_state<Machine<Table, JobStatus::ready>>(from, trigger, statuses, triggers)
#pragma once

#include <boost/mpl/vector.hpp>
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include <array>
#include <cstddef>
#include <optional>

namespace fermata::lifecycle_detail {

template <auto Status>
struct In : boost::msm::front::state<> {};

template <auto Trigger>
struct On {};

template <auto From, auto Trigger, auto To>
using Row = boost::msm::front::Row<In<From>, On<Trigger>, In<To>, boost::msm::front::none, boost::msm::front::none>;

template <class Table, auto Initial>
struct Definition : boost::msm::front::state_machine_def<Definition<Table, Initial>> {
  using initial_state = In<Initial>;
  struct transition_table : Table {};
  using no_message_queue = int;
  using no_exception_thrown = int;

  template <class Fsm, class Event>
  void no_transition(const Event&, Fsm&, int) {}
};

template <class Table, auto Initial>
using Machine = boost::msm::back::state_machine<Definition<Table, Initial>>;

/// The archive that sets the state of a one-region machine and leaves everything else alone.
struct RestoreState {
  int id;
  void operator&(int (&states)[1]) const { states[0] = id; }
  template <class Other>
  void operator&(Other&) const {}
};

template <class M, auto Status>
inline constexpr int id_of = boost::msm::back::get_state_id<typename M::stt, In<Status>>::value;

template <auto... Values>
struct All {
  static constexpr std::size_t count = sizeof...(Values);
};

/// MSM's number of each listed status.
template <class M, auto... Statuses>
constexpr std::array<int, sizeof...(Statuses)> ids_of(All<Statuses...>) {
  return {id_of<M, Statuses>...};
}

/// True when every status has its own number and together they are 0..n-1: the machine has exactly the states of our enum.
template <std::size_t Count>
constexpr bool is_permutation(const std::array<int, Count>& ids) {
  std::array<bool, Count> seen{};
  for (const int id : ids) {
    if (id < 0 || static_cast<std::size_t>(id) >= Count || seen[static_cast<std::size_t>(id)]) return false;
    seen[static_cast<std::size_t>(id)] = true;
  }
  return true;
}

template <class M, auto... Statuses, auto... Triggers, class Status, class Trigger>
std::optional<Status> next_state(Status from, Trigger trigger, All<Statuses...> statuses, All<Triggers...>) {
  constexpr auto ids = ids_of<M>(statuses);
  static_assert(is_permutation(ids), "the rows of the machine must name every status of the enum, and no other");
  M machine;
  RestoreState restore{-1};
  ((from == Statuses ? (restore.id = id_of<M, Statuses>, true) : false), ...);
  if (restore.id < 0) return std::nullopt;
  machine.serialize(restore, 0);
  bool handled = false;
  ((trigger == Triggers ? handled = machine.process_event(On<Triggers>{}) == boost::msm::back::HANDLED_TRUE : false), ...);
  if (!handled) return std::nullopt;
  std::optional<Status> to;
  ((machine.current_state()[0] == id_of<M, Statuses> ? (to = Statuses, true) : false), ...);
  return to;
}

}  // namespace fermata::lifecycle_detail
