import CommandLineOptions
import Testing

@Suite("Completion script for bash")
struct BashScriptTests {
  @Test("the script is this one")
  func snapshot() throws {
    let expected = #"""
      # bash completion of big-tool; use it with: source <(big-tool --generate-completion bash)
      _big_tool() {
        local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
        local command=make words=''
        COMPREPLY=()
        # bash splits --name=value at the equals sign.
        if [[ $current == '=' ]]; then
          current=''
        elif [[ $previous == '=' ]]; then
          previous="${COMP_WORDS[COMP_CWORD-2]}"
        fi
        if [[ $COMP_CWORD -eq 1 && $current != -* ]]; then
          COMPREPLY=($(compgen -W 'make show scan' -- "$current"))
          return
        fi
        case "${COMP_WORDS[1]}" in
          make|show|scan) command="${COMP_WORDS[1]}" ;;
        esac
        case "$command $previous" in
          'make --env-cmd') compopt -o filenames 2>/dev/null; local IFS=$'\n'; COMPREPLY=($(compgen -c -- "$current")); return ;;
          'make --algo') COMPREPLY=($(compgen -W 'reinforce vpg a2c' -- "$current")); return ;;
          'make --out') compopt -o filenames 2>/dev/null; local IFS=$'\n'; COMPREPLY=($(compgen -d -- "$current")); return ;;
          'make --from') compopt -o filenames 2>/dev/null; local IFS=$'\n'; COMPREPLY=($(compgen -f -- "$current")); return ;;
          'make --generate-completion') COMPREPLY=($(compgen -W 'bash zsh fish' -- "$current")); return ;;
          'make --gamma'|'make --vf-lr') return ;;
          'show --generate-completion') COMPREPLY=($(compgen -W 'bash zsh fish' -- "$current")); return ;;
          'scan --generate-completion') COMPREPLY=($(compgen -W 'bash zsh fish' -- "$current")); return ;;
        esac
        case "$command" in
          make) words='--env-cmd --gamma --vf-lr --algo --out --normalize --no-normalize --from --quick -h --help --version --generate-completion' ;;
          show) words='-h --help --version --generate-completion' ;;
          scan) words='-h --help --version --generate-completion' ;;
        esac
        if [[ $current != -* ]]; then
          case "$command" in
            show) compopt -o filenames 2>/dev/null; local IFS=$'\n'; COMPREPLY=($(compgen -f -- "$current")); return ;;
            scan) compopt -o filenames 2>/dev/null; local IFS=$'\n'; COMPREPLY=($(compgen -f -- "$current")); return ;;
          esac
        fi
        COMPREPLY=($(compgen -W "$words" -- "$current"))
      }
      complete -F _big_tool big-tool

      """#
    #expect(try Example.run(Example.tool, "--generate-completion=bash") == Example.Run(status: 0, output: expected))
  }

  @Test("bash finds no fault with the syntax", .enabled(if: Shells.has("bash")))
  func syntax() throws {
    for program in [Example.program, Example.tool, Example.single] {
      let script = try Example.run(program, "--generate-completion", "bash").output
      #expect(try Shells.run("bash", ["-n", "-c", script]) == "")
    }
  }
}
