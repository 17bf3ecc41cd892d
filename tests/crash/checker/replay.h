// Replay: plays the recorded events of a whole store again and keeps the last state of every row, ended ones included.
//
//   Replay replay;
//   for (each transition, by key) replay.play(transition);
//   replay.rows["job"][key]  ->  the row as JSON (encode_entity)
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/record/event.h"
#include "engine/state/instance_state.h"

namespace fermata::checker {

struct RowText {
  std::int64_t instance = 0;
  std::string json;
  friend bool operator==(const RowText&, const RowText&) = default;
};
using RowTexts = std::map<std::string, std::map<std::int64_t, RowText>>;  ///< by table, by key

class Replay {
 public:
  /// Transitions come in ascending order of their keys. An event that does not fit aborts the process.
  void play(const Transition& transition);
  /// Once, after the last one: what still lives becomes rows as well.
  void finish();

  RowTexts rows;                                                          ///< as engine/record/codec.h prints them
  std::map<std::int64_t, InstanceState> instances;                        ///< live ones, and `0`: start events
  std::map<std::pair<std::string, std::string>, RequestRecord> requests;  ///< by source and id: the last
  std::vector<std::string> broken;                                        ///< what no single state shows

 private:
  void watch(const InstanceState& state, const Event& event);
  void keep(std::int64_t instance, const InstanceState& state, bool ended_only);
  void of_partition(const Event& event);

  std::map<std::int64_t, Message> messages_;
  std::set<std::pair<std::int64_t, std::string>> reached_;
};

}  // namespace fermata::checker
