import FlowGraph
import Rendering

extension Coverage {
    /// Tells on standard error what was observed and what is not listed, for output that does not hold it.
    func tell(_ listing: Listing, in context: CommandContext) {
        if listing.total == 0, isAnythingObserved { context.tell("No flows found.") }
        context.tell(CoverageText.summary(self))
        if let omitted = CoverageText.omitted(listing) { context.tell(omitted) }
    }
}
