-- A mix of orders and attacks, and how each was answered: wrk -s wrk.hostile.lua URL -- FILE
local good = {}
local mix = {}
local next = 0
local thread
counts = {}

local function headersOf(authorization, type)
  return { ["authorization"] = authorization, ["content-type"] = type, ["origin"] = "https://shop.example" }
end

function setup(made)
  thread = made
end

function init(args)
  local order = '{"item":"espresso","quantity":2,"note":"no sugar"}'
  local json = "application/json"
  local flood
  for token in io.lines(args[1]) do
    local bearer = "Bearer " .. token
    flood = flood or bearer
    good[#good + 1] = wrk.format("POST", "/orders", headersOf(bearer, json), order)
  end
  local last = flood:sub(-2, -2) == "A" and "B" or "A"
  local attacks = {
    -- One token over and over, beyond what its principal may do.
    wrk.format("POST", "/orders", headersOf(flood, json), order),
    wrk.format("POST", "/orders", headersOf(flood, json), order),
    wrk.format("POST", "/orders", headersOf(flood, json), order),
    -- A signature that is none, garbage of a token's size, no token, a token of another scheme, one of 100 KB.
    wrk.format("POST", "/orders", headersOf(flood:sub(1, -3) .. last .. flood:sub(-1), json), order),
    wrk.format("POST", "/orders", headersOf("Bearer " .. string.rep("a.b", 130), json), order),
    wrk.format("POST", "/orders", { ["content-type"] = json }, order),
    wrk.format("POST", "/orders", headersOf("Basic dXNlcjpwYXNz", json), order),
    -- Too much, not JSON, half of it, too deep, another order, another type, a coding.
    wrk.format("POST", "/orders", headersOf(flood, json), string.rep("x", 70000)),
    wrk.format("POST", "/orders", headersOf(flood, json), "{]"),
    wrk.format("POST", "/orders", headersOf(flood, json), order:sub(1, -2)),
    wrk.format("POST", "/orders", headersOf(flood, json), string.rep("[", 5000)),
    wrk.format("POST", "/orders", headersOf(flood, json), '{"item":"bomb","quantity":-1,"isAdmin":true}'),
    wrk.format("POST", "/orders", headersOf(flood, "text/plain"), order),
    -- Other methods, other paths.
    wrk.format("DELETE", "/orders", headersOf(flood, json)),
    wrk.format("PUT", "/orders", headersOf(flood, json), order),
    wrk.format("GET", "/orders?access_token=x", headersOf(flood, json)),
    wrk.format("OPTIONS", "/orders", { ["origin"] = "https://evil.example", ["access-control-request-method"] = "POST" }),
    wrk.format("POST", "/%2e%2e/%2fetc%2fpasswd", headersOf(flood, json), order),
  }
  for _, attack in ipairs(attacks) do
    mix[#mix + 1] = good
    mix[#mix + 1] = attack
  end
end

function request()
  next = next + 1
  local chosen = mix[next % #mix + 1]
  if chosen == good then return good[next % #good + 1] end
  return chosen
end

function response(status)
  counts[status] = (counts[status] or 0) + 1
end

function done(summary, latency)
  local e = summary.errors
  local statuses = {}
  for status, count in pairs(thread:get("counts")) do statuses[#statuses + 1] = string.format('"%d":%d', status, count) end
  print(string.format('RESULT {"requests":%d,"seconds":%.3f,"p50":%.3f,"p99":%.3f,"refused":%d,"broken":%d,"late":%d,"statuses":{%s}}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.status, e.connect + e.read + e.write, e.timeout, table.concat(statuses, ",")))
end
