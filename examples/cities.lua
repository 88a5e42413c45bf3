-- How many people live in the cities of a stream: the server adds up its own, the client what the servers say.

local function people(city)
  return city.population
end

local function sum(a, b)
  return a + b
end

function population(cities)
  return cities : map(people) : reduce(sum)
end
