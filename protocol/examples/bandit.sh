#!/bin/sh
# Bandit: one of three lamps is lit; press the button that belongs to it, which is the next one round.
#
#   observation  Box [3]: 1 for the lamp that is lit, 0 for the others      action  Discrete 3: the button
#   reward       1 or 0; the right button pays nine times in ten, a wrong one once in ten
#   end          terminated after one press                                 best mean return  0.9
#
# A complete Gymwire 1 server (protocol/SPEC.md, section 1) in plain POSIX shell, without a single other
# program. It takes requests apart with patterns, as clause 1.3 allows. Numbers need 64-bit arithmetic.
hello='"version":1,"role":"env","server":{"name":"bandit","version":"1"},"spec":{"id":"Bandit-v1","max_episode_steps":1},"obs_space":{"type":"Box","shape":[3],"dtype":"float32","low":0,"high":1},"action_space":{"type":"Discrete","n":3}'
carriage_return=$(printf '\r')
state=88172645 ready=no running=no id=null

draw() {                                          # xorshift32: sets drawn to an integer from 0 to $1 - 1
  state=$((state ^ state << 13 & 4294967295)); state=$((state ^ state >> 17))
  state=$((state ^ state << 5 & 4294967295)) drawn=$((state % $1))
}
reply() { printf '%s\n' "{\"id\":$id${1:+,}$1}"; }
refuse() { reply "\"error\":{\"code\":\"$1\",\"message\":\"$2\"${3:+,\"data\":$3}}"; }
light() { case $lamp in 0) obs=1,0,0 ;; 1) obs=0,1,0 ;; *) obs=0,0,1 ;; esac; }
member() {                                        # sets value to the member named $1, or to nothing
  case $line in *"\"$1\":"*) value=${line#*"\"$1\":"} value=${value%%[,\}]*} ;; *) value='' ;; esac
}

while IFS= read -r line || [ -n "$line" ]; do
  line=${line%"$carriage_return"} line=${line%%',"options":'*} id=null
  case $line in
    *[!' 	']*) ;;
    *) continue ;;
  esac
  case $line in
    '{"id":'[0-9]*',"op":"'*'"'*) id=${line#'{"id":'} id=${id%%,*} op=${line#*'"op":"'} op=${op%%'"'*} ;;
    '{'*) refuse bad_message 'a request begins with an id and an op'; continue ;;
    *) refuse bad_json 'the line is not a JSON object'; continue ;;
  esac
  case $op/$line in
    hello/*'"versions":['*) versions=${line#*'"versions":['} versions=,${versions%%]*}, ;;
    hello/*) refuse bad_message 'hello needs versions'; continue ;;
    step/*'"action":'*) ;;
    step/*) refuse bad_message 'step needs an action'; continue ;;
  esac
  case $op/$ready in
    hello/yes) refuse bad_message 'hello comes once' ;;
    hello/no)
      case $versions in *,1,*) ready=yes; reply "$hello" ;; *) refuse unsupported_version 'this server speaks version 1' '{"versions":[1]}' ;; esac ;;
    reset/no | step/no | close/no) refuse not_ready 'say hello first' ;;
    reset/yes)
      member seed
      case ${value%.0} in
        '' | null) ;;
        *[!0-9]* | 0?* | ?????????????????*) refuse bad_seed 'a seed is an integer from 0 to 2^53-1'; continue ;;
        *) if [ "${value%.0}" -gt 9007199254740991 ]; then refuse bad_seed 'the seed is above 2^53-1'; continue; fi
           state=$((${value%.0} % 4294967295 + 1)); draw 1; draw 1; draw 1; draw 1 ;;
      esac
      draw 3; lamp=$drawn running=yes; light; reply "\"obs\":[$obs]" ;;
    step/yes)
      member action
      case $running/${value%.0} in
        no/*) refuse needs_reset 'no episode is running: send reset before step' ;;
        yes/[012])
          draw 10; right=$(((lamp + 1) % 3)) running=no
          if [ "${value%.0}" = $right ]; then reward=$((drawn > 0)); else reward=$((drawn == 0)); fi
          light; reply "\"obs\":[$obs],\"reward\":$reward,\"terminated\":true,\"truncated\":false" ;;
        *) refuse bad_action 'the action is outside Discrete(n=3)' ;;
      esac ;;
    close/yes) reply ''; exit 0 ;;
    *) refuse unknown_op 'there are hello, reset, step and close' ;;
  esac
done
