// SPDX-License-Identifier: Apache-2.0
// Scripts over values. The input: arguments as msgpack, with their size before them, then the choices of a script:
// statements and expressions of a table, each of whose gaps is filled by the next choice. Whatever they are, the call
// ends with an answer, what it returns and stores are values that the server takes, and the next call is served as if
// nothing had been.
#include "harness.hpp"

namespace
{

using embedded::Bytes;
using embedded::FieldType;
using embedded::View;

// An @ is an expression, a $ a block.
constexpr const char *kExpressions[] = {
    "a",
    "b",
    "rec",
    "rec.l",
    "rec.x",
    "kept",
    "nil",
    "true",
    "0",
    "1",
    "3",
    "-1",
    "2.5",
    "2^31",
    "'text'",
    "'a\\0b'",
    "{}",
    "@ + @",
    "@ .. @",
    "#@",
    "@[@]",
    "@ == @",
    "@ and @",
    "-@",
    "{@, @}",
    "select('#', @)",
    "tostring(@)",
    "type(@)",
    "math.tointeger(@)",
    "string.rep(@, @)",
    "string.find(@, @)",
    "string.match(@, '(%w-)%1[^a]*()')",
    "string.gsub(@, @, @)",
    "string.gmatch(@, @)",
    "'%b()%f[%a]'",
    "'[%a-]+.?(.*)'",
    "string.format('%s', @)",
    "table.concat(@)",
    "table.unpack(@)",
    "next(@)",
    "pcall(@, @)",
    "pcall(function() $ end)",
    "(function(...) return ... end)(@)",
    "coroutine.wrap(function() $ end)()",
    "setmetatable({}, {__index = @, __len = @, __tostring = @})",
    "getmetatable(@)",
    "load(@)",
    "require(@)",
    "list()",
    "list {@, @, @}",
    "list(@)",
    "list.append(@, @)",
    "list.prepend(@, @)",
    "list.insert(@, @, @)",
    "list.remove(@, @)",
    "list.concat(@, @)",
    "list.trim(@, @)",
    "list.take(@, @)",
    "list.drop(@, @)",
    "list.size(@)",
    "list.nbytes(@)",
    "list.iterator(@)",
    "list.clone(@)",
    "list.merge(@, @)",
    "list.new(@)",
    "map()",
    "map {k = @, [1] = @}",
    "map(@, @)",
    "map.size(@)",
    "map.remove(@, @)",
    "map.pairs(@)",
    "map.keys(@)",
    "map.clone(@)",
    "map.merge(@, @)",
    "map.diff(@, @)",
    "map.nbytes(@)",
    "bytes()",
    "bytes(@)",
    "bytes.size(@)",
    "bytes.set_size(@, @)",
    "bytes.set_type(@, @)",
    "bytes.get_byte(@, @)",
    "bytes.set_byte(@, @, @)",
    "bytes.append_byte(@, @)",
    "bytes.get_int32(@, @)",
    "bytes.set_int64_le(@, @, @)",
    "bytes.append_int16(@, @)",
    "bytes.get_string(@, @, @)",
    "bytes.set_string(@, @, @)",
    "bytes.append_string(@, @)",
    "bytes.get_bytes(@, @, @)",
    "bytes.set_bytes(@, @, @, @)",
    "bytes.append_bytes(@, @, @)",
    "bytes.get_var_int(@, @)",
    "bytes.set_var_int(@, @, @)",
    "bytes.append_var_int(@, @)",
    "geojson(@)",
    "iterator.next(@)",
    "iterator.has_next(@)",
    "stream.read(@)",
    "stream.write(@, @)",
    "record.ttl(@)",
    "record.set_ttl(@, @)",
    "record.gen(@)",
    "record.key(@)",
    "record.digest(@)",
    "record.bin_names(@)",
    "record.numbins(@)",
    "record.drop_key(@)",
    "record.size(@)",
    "record.setname(@)",
    "record.last_update_time(@)",
    "aerospike:create(@)",
    "aerospike:update(@)",
    "aerospike:remove(@)",
    "aerospike:exists(@)",
    "aerospike:log(@, @)",
    "collectgarbage()",
    "@(@)",
    "@:map(@)",
};
constexpr const char *kStatements[] = {
    "a = @",
    "b = @",
    "a, b = @",
    "rec.x = @",
    "rec.l = @",
    "rec[@] = @",
    "kept = @",
    "local a = @ $",
    "if @ then $ else $ end",
    "@[@] = @",
    "for a, b in @ do $ end",
    "for a, b in map.pairs(@) do $ end",
    "for a in list.iterator(@) do $ end",
    "for b = 1, 3 do $ end",
    "do return @ end",
    "do $ $ end",
    "do local _ = @ end",
    "do local _ = aerospike:update(rec) end",
    "do local _ = aerospike:create(rec) end",
    "while @ do $ end",
};

// A gap that lies too deep, or has no choice left, is filled by what has none itself.
class Script
{
  public:
    explicit Script(fuzz::Input &input) : input_(input) {}

    Bytes source()
    {
        Bytes source = "function f(rec, a, b)\n";
        while (!input_.rest().empty()) {
            append(source, kStatements, std::size(kStatements), 0);
            source += ";\n";
        }
        return source + "return a\nend\nfunction after() return 7 end\n";
    }

  private:
    static constexpr int kDepthMost = 8;

    void append(Bytes &out, const char *const *table, size_t size, int depth)
    {
        for (const char *text = table[input_.byte() % size]; *text != '\0'; text++) {
            bool filled = depth < kDepthMost && !input_.rest().empty();
            if (*text == '@') {
                out += '(';
                filled ? append(out, kExpressions, std::size(kExpressions), depth + 1) : void(out += 'a');
                out += ')';
            } else if (*text == '$') {
                filled ? append(out, kStatements, std::size(kStatements), depth + 1) : void();
                out += ';';
            } else {
                out += *text;
            }
        }
    }

    fuzz::Input &input_;
};

Bytes call(fuzz::OneNode &server, View module, View function, View arguments)
{
    fuzz::Message message(0, embedded::info2::write);
    message.field(FieldType::set, "set").field(FieldType::udf_module, module);
    message.field(FieldType::udf_function, function).field(FieldType::udf_arguments, arguments);
    return fuzz::serve_message(server, message.bytes());
}

// Each bin of an answer can be written.
void check_bins(View answer)
{
    fuzz::OneNode other;
    fuzz::visit_bins(answer, [&other](const embedded::BinView &bin) {
        fuzz::Message write(0, embedded::info2::write);
        write.op(2, bin.name, static_cast<uint8_t>(bin.particle), bin.value);
        auto status = static_cast<embedded::Status>(fuzz::check_messages(fuzz::serve_message(other, write.bytes())));
        bool good = status == embedded::Status::ok || status == embedded::Status::record_too_big ||
                    status == embedded::Status::geo_invalid;  // GeoJSON of scripts is not looked at, as on a server
        fuzz::require(good || bin.particle == embedded::Particle::null, "what a script gives is a value");
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz::Input input(data, size);
    View arguments = input.sized();
    fuzz::OneNode server;
    Bytes number("\0\0\0\0\0\0\0\5", 8), list("\x93\x01\x91\x02\x82\xa2\x03k\x01\x02\xc0", 11);
    fuzz::Message write(0, embedded::info2::write);
    write.field(FieldType::set, "set").op(2, "x", 1, number).op(2, "l", 20, list);
    fuzz::require(fuzz::check_messages(fuzz::serve_message(server, write.bytes())) == 0, "the record is written");
    if (server.server.scripts.put("m.lua", Script(input).source())) {
        return 0;
    }
    Bytes answer = call(server, "m", "f", arguments);
    fuzz::check_messages(answer);
    check_bins(answer);
    Bytes record =
        fuzz::serve_message(server, fuzz::Message(embedded::info1::read | embedded::info1::get_all, 0).bytes());
    if (fuzz::check_messages(record) == 0) {
        check_bins(record);
    }
    fuzz::require(fuzz::check_messages(call(server, "m", "after", View("\x90", 1))) == 0, "the next call is served");
    return 0;
}
