//! Arguments in, exit code out: 0 done, 1 failed, 2 wrong arguments, 75 try again later.

use std::process::ExitCode;

fn main() -> ExitCode {
    caseway::cli::main()
}
