-- POST with a new email in each request. Argument: a body with a place for a number. Path and headers are wrk's own.
-- Prints one line of JSON when it is done.
local sent, template = 0, nil
other = 0 -- global, so that done() can read it from the thread

function setup(thread)
  threads = threads or {}
  table.insert(threads, thread)
end

function init(args)
  template = args[1]
end

function request()
  sent = sent + 1
  return wrk.format("POST", nil, nil, string.format(template, sent))
end

function response(status)
  if status ~= 201 then other = other + 1 end
end

function done(summary, latency)
  local errors = summary.errors
  local bad = errors.connect + errors.read + errors.write + errors.timeout
  for _, thread in ipairs(threads) do bad = bad + thread:get("other") end
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "bad": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, bad
  ))
end
