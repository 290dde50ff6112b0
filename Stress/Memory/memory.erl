%% The same sends in Erlang: erl -noinput -eval 'memory:main("broadcast")' prints what the Ludus program prints.
-module(memory).
-export([main/1]).

main("broadcast") ->
    measure("broadcast", fun() -> round(lists:seq(0, 999999), 100, fun lists:last/1) end);
main("strings") ->
    measure("strings", fun() -> round(binary:copy(<<"x">>, 10000000), 1000, fun byte_size/1) end).

round(Value, Receivers, Look) ->
    Home = self(),
    Ps = [spawn(fun() -> receive X -> Home ! Look(X) end end) || _ <- lists:seq(1, Receivers)],
    T0 = erlang:monotonic_time(microsecond),
    [P ! Value || P <- Ps],
    Sum = lists:sum([receive N -> N end || _ <- Ps]),
    {erlang:monotonic_time(microsecond) - T0, Sum}.

measure(Name, Work) ->
    timed(Work),
    {Time, Answer} = lists:nth(3, lists:sort([timed(Work) || _ <- lists:seq(1, 5)])),
    io:format("~s ~w ~w~n", [Name, Time, Answer]).

timed(Work) ->
    {_, Ref} = spawn_monitor(fun() -> exit({done, Work()}) end),
    receive {'DOWN', Ref, _, _, {done, Result}} -> Result end.
