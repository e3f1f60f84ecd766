/* What runs on a Redis server, in Lua 5.1: the head, the steps that a store knows, and one of two ends. */

/**
 * Everything runs on one server, which nothing interrupts, under its own clock. Each group computes all its steps before it writes anything, so
 * that a step that fails, finds what nobody wrote, or returns what the server would not write, leaves its group unwritten and the others alone.
 *
 * KEYS: those of all groups, one after another. ARGV: the number of specs; for each the number of its step, of its arguments, and these; the number of
 * shapes, which are lists of specs; for each its length and the numbers of these; then the number of groups, and, where there are several shapes, that of each. Hundreds of groups
 * of one limiter have one shape, and so no word of their own. Returned, all in one list: seconds, microseconds, and for each group 1 or 0 and the results, or -1 (it failed) and why.
 *
 * Numbers become text by `%d`, which costs a third of `%.0f`, and by no conversion of the server's, which writes 17 digits and costs more than a step. On a
 * server of 32 bits `%d` loses what is above 31.
 */
export const HEAD =
  `local KEYS, ARGV, call, tonumber, type, format = KEYS, ARGV, redis.call, tonumber, type, string.format
local ceil, floor, max, min = math.ceil, math.floor, math.max, math.min
local whole = format('%d', 9007199254740991) == '9007199254740991' and '%d' or '%.0f'
local function integer(text)
  local n = tonumber(text)
  if not n or not (n >= 0 and n < 9007199254740992) or n % 1 ~= 0 then error('no whole number') end
  return n
end
local function integers(text)
  local list = {}
  for word in string.gmatch(text, '[^ ]+') do list[#list + 1] = integer(word) end
  return list
end
local function spell(first, second, ...)
  if second == nil then return format(whole, first) end
  local words = { first, second, ... }
  for i = 1, #words do words[i] = format(whole, words[i]) end
  return table.concat(words, ' ')
end
local function check(yes, state, ttl, result)
  if result == nil then error('nothing to tell') end
  if not yes or not state then return end
  local lasts = type(ttl) == 'number' and ttl >= 1 and ttl < 9007199254740992 and ttl % 1 == 0
  if type(state) ~= 'string' or not lasts then error('nothing to write') end
end
local function write(key, before, state, ttl)
  if state then call('SET', key, state, 'PX', format(whole, ttl)) elseif before then call('DEL', key) end
end
local time = call('TIME')
local seconds, microseconds = tonumber(time[1]), tonumber(time[2])
local now = seconds * 1000000 + microseconds
local steps = {
`;
export const BATCH = `}
local specs, shapes, at = {}, {}, 1
for i = 1, ARGV[1] do
  local args, count = {}, ARGV[at + 2] + 0
  for j = 1, count do args[j] = ARGV[at + 2 + j] end
  specs[i], at = { steps[ARGV[at + 1] + 0], args }, at + 2 + count
end
at = at + 1
local kinds = ARGV[at] + 0
for i = 1, kinds do
  local shape, size = {}, ARGV[at + 1] + 0
  for j = 1, size do shape[j] = specs[ARGV[at + 1 + j] + 0] end
  shapes[i], at = shape, at + 1 + size
end
at = at + 1
local groups, done, last = ARGV[at] + 0, 0, 0
local shape, size = shapes[1], groups > 0 and #shapes[1]
local answer, told = { seconds, microseconds }, 2
local function runAll()
  local states, ttls, writer, stood, all = {}, {}, {}, {}, 1
  for i = 1, size do
    local key, state = KEYS[last + i], nil
    if writer[key] then
      state = states[writer[key]]
    else
      state = call('GET', key)
      stood[key] = state
    end
    local yes, after, ttl, result = shape[i][1](state, shape[i][2], now)
    check(yes, after, ttl, result)
    if yes then states[i], ttls[i], writer[key] = after, ttl, i else all = 0 end
    answer[told + 1 + i] = result
  end
  for i = 1, all * size do
    local key = KEYS[last + i]
    if writer[key] == i then write(key, stood[key], states[i], ttls[i]) end
  end
  answer[told + 1] = all
end
local function run()
  while done < groups do
    if kinds > 1 then
      shape = shapes[ARGV[at + done + 1] + 0]
      size = #shape
    end
    if size == 1 then
      local key, spec = KEYS[last + 1], shape[1]
      local before = call('GET', key)
      local yes, state, ttl, result = spec[1](before, spec[2], now)
      check(yes, state, ttl, result)
      if yes then write(key, before, state, ttl) end
      answer[told + 1], answer[told + 2] = yes and 1 or 0, result
    else
      runAll()
    end
    done, last, told = done + 1, last + size, told + 1 + size
  end
end
while done < groups do
  local fine, why = pcall(run)
  if not fine then
    answer[told + 1], answer[told + 2] = -1, type(why) == 'table' and why.err or tostring(why)
    for i = 3, size + 1 do answer[told + i] = nil end
    done, last, told = done + 1, last + size, told + 2
  end
end
return answer`;

/**
 * The same for one group of one step, which is all that a quiet server is asked at a time: reading nothing about specs and shapes is a third of it.
 *
 * KEYS: its key. ARGV: the arguments of its step, and its number.
 */
export const SOLO = `}
local key = KEYS[1]
local before = call('GET', key)
local number = table.remove(ARGV) + 0
local yes, state, ttl, result = steps[number](before, ARGV, now)
check(yes, state, ttl, result)
if yes then write(key, before, state, ttl) end
return { seconds, microseconds, yes and 1 or 0, result }`;
