// The page for lending a dream, when it is not a dialogue of the live page.
import { watchSelection } from "./lending.js";

watchSelection();
