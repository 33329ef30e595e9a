/// The fast forms of the operations that training and acting spend their time in.
///
/// Every operation has a naive twin of the same name in ``Reference``, and the tests hold the two together. Those that take
/// a ``KernelVariant`` are compiled from C for several instruction sets; the default is the fastest that the processor has.
///
/// Conventions: Float32; matrices are row-major and dense; a pointer named `x` of shape `rows × columns` has that many
/// elements; outputs must not overlap inputs unless the operation says so; nothing allocates. What a row of a result holds
/// depends on that row of the inputs alone, bit for bit, whatever the number of rows in the call, except where rows are
/// summed (weight gradients, reductions). The same call gives the same bits each time on one machine with one build.
public enum Kernel {}
