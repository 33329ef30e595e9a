import CommandLineOptions
import Testing

@Suite("Completion script for fish")
struct FishScriptTests {
  @Test("the script is this one")
  func snapshot() throws {
    let expected = #"""
      # fish completion of big-tool
      complete -c big-tool -f
      function __fish_big_tool_command
        set -l words (commandline -opc)
        if contains -- "$words[2]" make show scan
          echo $words[2]
        else
          echo make
        end
      end
      complete -c big-tool -n 'test (count (commandline -opc)) -eq 1' -a make -d 'Make it.'
      complete -c big-tool -n 'test (count (commandline -opc)) -eq 1' -a show -d 'Show it.'
      complete -c big-tool -n 'test (count (commandline -opc)) -eq 1' -a scan -d 'Scan them.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = make' -l env-cmd -x -a '(__fish_complete_command)' -d 'Command line that starts the environment server, run without a shell.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = make' -l gamma -x -d 'Discount γ of future rewards.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = make' -l vf-lr -x -d 'Step size of the value function.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = make' -l algo -x -a 'reinforce vpg a2c' -d 'Algorithm.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = make' -l out -x -a '(__fish_complete_directories)' -d 'Where the run is written.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = make' -l normalize -d 'Normalise observations.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = make' -l no-normalize -d 'Normalise observations.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = make' -l from -r -F -d 'Where: a [file] or \'pipe\'.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = make' -l quick -d 'Don\'t wait\\stop.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = make' -s h -l help -d 'Print this text and exit.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = make' -l version -d 'Print the version and exit.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = make' -l generate-completion -x -a 'bash zsh fish' -d 'Print a completion script for this shell and exit.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = show' -F
      complete -c big-tool -n 'test (__fish_big_tool_command) = show' -s h -l help -d 'Print this text and exit.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = show' -l version -d 'Print the version and exit.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = show' -l generate-completion -x -a 'bash zsh fish' -d 'Print a completion script for this shell and exit.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = scan' -F
      complete -c big-tool -n 'test (__fish_big_tool_command) = scan' -s h -l help -d 'Print this text and exit.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = scan' -l version -d 'Print the version and exit.'
      complete -c big-tool -n 'test (__fish_big_tool_command) = scan' -l generate-completion -x -a 'bash zsh fish' -d 'Print a completion script for this shell and exit.'

      """#
    #expect(try Example.run(Example.tool, "--generate-completion=fish") == Example.Run(status: 0, output: expected))
  }

  @Test("a program of one command offers its options without a condition")
  func single() throws {
    let script = try Example.run(Example.single, "--generate-completion", "fish").output
    #expect(script.contains("\ncomplete -c pole-server -l shape -x -a 'square circle' -d 'Shape.'\n"))
    #expect(!script.contains(" -n "))
  }

  @Test("fish finds no fault with the syntax", .enabled(if: Shells.has("fish")))
  func syntax() throws {
    for program in [Example.program, Example.tool, Example.single] {
      let script = try Example.run(program, "--generate-completion", "fish").output
      #expect(try Shells.run("fish", ["--no-execute", "-c", script]) == "")
    }
  }
}
