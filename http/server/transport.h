// Transport: the bytes of one connection, plain or TLS, never blocking.
//
// Owned and used by one thread at a time (the one that owns the connection). Closing happens in the destructor.
//
//   auto transport = make_plain_transport(fd);
//   IoResult got = transport->read(buffer);     // IoStatus::want_read: nothing there, wait for the socket
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace fermata::http {

enum class IoStatus { ok, want_read, want_write, closed };

struct IoResult {
  IoStatus status = IoStatus::ok;
  std::size_t bytes = 0;
};

class Transport {
 public:
  virtual ~Transport() = default;
  virtual IoResult read(std::span<char> into) = 0;
  virtual IoResult write(std::string_view bytes) = 0;
  /// Tells the peer that no more will come; reading goes on.
  virtual void finish_writing() = 0;
  [[nodiscard]] virtual int fd() const = 0;
  /// Whether a read may give more although the socket itself shows nothing (bytes decrypted ahead).
  [[nodiscard]] virtual bool reads_ahead() const = 0;
};

[[nodiscard]] std::unique_ptr<Transport> make_plain_transport(int fd);

/// The server's certificate and key; makes the transports of its connections. Safe from several threads.
class TlsContext {
 public:
  /// TLS 1.2 and newer. Fails with invalid_argument naming the file that cannot be read or does not fit.
  [[nodiscard]] static Result<std::unique_ptr<TlsContext>> load(const std::string& certificate_file,
                                                                const std::string& key_file);
  virtual ~TlsContext() = default;
  [[nodiscard]] virtual std::unique_ptr<Transport> make_transport(int fd) = 0;
};

}  // namespace fermata::http
