// LaterAnswer: the answer that a handler gives after it has returned, so that no thread waits for the engine.
//
// A handler asks for it (Request::answer_later), hands it to whoever will know, and returns Response::later(). put() may come from any
// thread, also before the handler has returned; the first one counts, and it is harmless when the client has gone meanwhile.
//
//   const LaterAnswerPtr later = request.answer_later();
//   engine.submit(command, [later](auto outcome) { later->put([outcome] { return answer(outcome); }); });
//   return Response::later();
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "http/server/response.h"

namespace fermata::http {

class LaterAnswer {
 public:
  using Make = std::function<Response()>;

  /// `wake` tells the server that put() was called.
  explicit LaterAnswer(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// Never blocks for long: `make` runs on a thread of the server. What it throws becomes a 500, as in a handler.
  void put(Make make) {
    {
      const std::scoped_lock lock(mutex_);
      if (there_) return;
      there_ = true;
      make_ = std::move(make);
    }
    wake_();
  }

  [[nodiscard]] bool there() const {
    const std::scoped_lock lock(mutex_);
    return there_;
  }
  /// Once, when it is there.
  [[nodiscard]] Make take() {
    const std::scoped_lock lock(mutex_);
    return std::move(make_);
  }

 private:
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  bool there_ = false;
  Make make_;
};
using LaterAnswerPtr = std::shared_ptr<LaterAnswer>;

}  // namespace fermata::http
