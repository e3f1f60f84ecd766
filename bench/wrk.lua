-- Orders with the tokens of a file, each in its turn: wrk -s wrk.lua URL -- FILE
local requests = {}
local next = 0

function init(args)
  for token in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("POST", "/orders", {
      ["authorization"] = "Bearer " .. token,
      ["content-type"] = "application/json",
      ["origin"] = "https://shop.example",
    }, '{"item":"espresso","quantity":2,"note":"no sugar"}')
  end
end

function request()
  next = next % #requests + 1
  return requests[next]
end

function done(summary, latency)
  local e = summary.errors
  print(string.format('RESULT {"requests":%d,"seconds":%.3f,"p50":%.3f,"p99":%.3f,"refused":%d,"broken":%d,"late":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.status, e.connect + e.read + e.write, e.timeout))
end
