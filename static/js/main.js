// What scripts add to pages that work without them. Each part looks after the forms or links it knows.
import { watchQuestions } from "./ask.js";
import { watchSources } from "./sources.js";
import { watchTools } from "./tools.js";

document.documentElement.classList.add("js");
watchQuestions();
watchSources();
watchTools();
