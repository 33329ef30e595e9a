import CommandLineOptions
import Testing

@Suite("Completion script for zsh")
struct ZshScriptTests {
  @Test("the script is this one")
  func snapshot() throws {
    let expected = #"""
      #compdef big-tool

      _big_tool_make() {
        _arguments \
          '--env-cmd=[Command line that starts the environment server, run without a shell.]:CMD:_cmdstring' \
          '--gamma=[Discount γ of future rewards.]:X: ' \
          '--vf-lr=[Step size of the value function.]:X: ' \
          '--algo=[Algorithm.]:NAME:(reinforce vpg a2c)' \
          '--out=[Where the run is written.]:DIR:_files -/' \
          '(--normalize --no-normalize)'{--normalize,--no-normalize}'[Normalise observations.]' \
          '--from=[Where\: a \[file\] or '\''pipe'\''.]:FILE:_files' \
          '--quick[Don'\''t wait\\stop.]' \
          '(-h --help)'{-h,--help}'[Print this text and exit.]' \
          '--version[Print the version and exit.]' \
          '--generate-completion=[Print a completion script for this shell and exit.]:SHELL:(bash zsh fish)'
      }

      _big_tool_show() {
        _arguments \
          ':POLICY:_files' \
          '::EPISODES: ' \
          '(-h --help)'{-h,--help}'[Print this text and exit.]' \
          '--version[Print the version and exit.]' \
          '--generate-completion=[Print a completion script for this shell and exit.]:SHELL:(bash zsh fish)'
      }

      _big_tool_scan() {
        _arguments \
          '*:FILE:_files' \
          '(-h --help)'{-h,--help}'[Print this text and exit.]' \
          '--version[Print the version and exit.]' \
          '--generate-completion=[Print a completion script for this shell and exit.]:SHELL:(bash zsh fish)'
      }

      _big_tool() {
        if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
          local -a commands=(
            'make:Make it.'
            'show:Show it.'
            'scan:Scan them.'
          )
          _describe command commands
          return
        fi
        case $words[2] in
          make|show|scan)
            shift words
            (( CURRENT-- ))
            _big_tool_$words[1] ;;
          *) _big_tool_make ;;
        esac
      }

      if [[ $funcstack[1] == _big_tool ]]; then
        _big_tool
      else
        compdef _big_tool big-tool
      fi

      """#
    #expect(try Example.run(Example.tool, "--generate-completion=zsh") == Example.Run(status: 0, output: expected))
  }

  @Test("a program of one command completes its options at once")
  func single() throws {
    let script = try Example.run(Example.single, "--generate-completion", "zsh").output
    #expect(script.contains("_pole_server() {\n  _pole_server_pole-server\n}\n"))
  }

  @Test("zsh finds no fault with the syntax", .enabled(if: Shells.has("zsh")))
  func syntax() throws {
    for program in [Example.program, Example.tool, Example.single] {
      let script = try Example.run(program, "--generate-completion", "zsh").output
      #expect(try Shells.run("zsh", ["-n", "-c", script]) == "")
    }
  }
}
