use std::path::Path;

use walrus::{FunctionBuilder, FunctionId, FunctionKind, LocalFunction, Module, ModuleConfig};

use crate::step::note;

/// How the names of functions go on that are never called.
///
/// Leptos can take over a page piece by piece, as lazily loaded pages need it, and compiles that way
/// beside the one used here (`hydrate_body`) for every view. It hangs in tables of functions, so that no
/// linker can see that nobody calls it: a sixth of the module. Were one called nevertheless, the
/// page would stop with an error, which every browser test looks for.
const NEVER_CALLED: &str = "13hydrate_async";
/// A closure in a mangled name. What an `async fn` does is one.
const CLOSURE: &str = "28_$u7b$$u7b$closure$u7d$$u7d$";
/// The hash at the end of a mangled name.
const HASH: &str = "17h";

/// Empties the functions of a module that are never called, with all that only they call, and writes
/// the rest to `trimmed`.
pub(super) fn trim(module: &Path, trimmed: &Path) -> anyhow::Result<()> {
    let mut config = ModuleConfig::new();
    config
        .strict_validate(false)
        .generate_producers_section(false);
    let mut module = config.parse_file(module)?;
    let emptied = empty(&mut module);
    walrus::passes::gc::run(&mut module);
    module.emit_wasm_file(trimmed)?;
    note(&format!("{emptied} functions left out"));
    Ok(())
}

/// Whether this is the mangled name of the body of an async function that is never called. What else is
/// defined in such a function does not count: the compiler may have found it to be equal to something
/// that is called, and kept one of the two.
fn is_never_called(name: &str) -> bool {
    let Some((_, rest)) = name.split_once(NEVER_CALLED) else {
        return false;
    };
    let hash = rest.trim_start_matches(CLOSURE);
    hash.len() < rest.len() && hash.starts_with(HASH)
}

/// Lets every function that is never called do nothing but trap; answers how many there were.
fn empty(module: &mut Module) -> usize {
    let found: Vec<FunctionId> = module
        .funcs
        .iter_local()
        .map(|(id, _)| id)
        .filter(|id| {
            let function = module.funcs.get(*id);
            function.name.as_deref().is_some_and(is_never_called)
        })
        .collect();
    for id in &found {
        if let Some(trap) = trap(module, *id) {
            module.funcs.get_mut(*id).kind = FunctionKind::Local(trap);
        }
    }
    found.len()
}

/// A body of the same type that traps.
fn trap(module: &mut Module, id: FunctionId) -> Option<LocalFunction> {
    let FunctionKind::Local(old) = &module.funcs.get(id).kind else {
        return None;
    };
    let arguments = old.args.clone();
    let types = module.types.get(old.ty());
    let (params, results) = (types.params().to_vec(), types.results().to_vec());
    let mut body = FunctionBuilder::new(&mut module.types, &params, &results);
    body.func_body().unreachable();
    Some(body.local_func(arguments))
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, Module, ModuleConfig, ValType, ir::Instr};

    use super::empty;

    fn adds_one(module: &mut Module, name: &str) -> walrus::FunctionId {
        let argument = module.locals.add(ValType::I32);
        let mut function =
            FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
        function
            .func_body()
            .local_get(argument)
            .i32_const(1)
            .binop(walrus::ir::BinaryOp::I32Add);
        let id = function.finish(vec![argument], &mut module.funcs);
        module.funcs.get_mut(id).name = Some(name.to_owned());
        id
    }

    #[test]
    fn only_the_named_functions_are_emptied_and_keep_their_type() {
        let mut module = Module::with_config(ModuleConfig::new());
        let unused = adds_one(
            &mut module,
            "_ZN1t13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE",
        );
        let used = adds_one(
            &mut module,
            "_ZN1t13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$7inner_117h0123456789abcdefE",
        );
        assert_eq!(empty(&mut module), 1);
        let body = |id| {
            let function = module.funcs.get(id).kind.unwrap_local();
            let entry = function.block(function.entry_block());
            entry
                .instrs
                .iter()
                .map(|(instr, _)| instr.clone())
                .collect::<Vec<_>>()
        };
        assert!(matches!(body(unused)[..], [Instr::Unreachable(_)]));
        assert_eq!(body(used).len(), 3);
        let types = module.types.get(module.funcs.get(unused).ty());
        assert_eq!(types.params(), [ValType::I32]);
        assert_eq!(types.results(), [ValType::I32]);
    }
}
