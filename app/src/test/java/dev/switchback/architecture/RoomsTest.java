package dev.switchback.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.switchback.architecture.RoomsPage.Room;
import dev.switchback.cli.Shutdown;
import dev.switchback.engine.Step;
import dev.switchback.pg.Secret;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rooms of docs/architecture.md, and the few rules that hold in all of them. */
class RoomsTest {
    private static final String ROOT = "dev.switchback";
    private static final JavaClasses APP =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(ROOT);
    private static final RoomsPage PAGE = new RoomsPage();

    /** Words that must not be a text: a {@code Secret} does not print itself. */
    private static final Set<String> SECRET_WORDS =
            Set.of("password", "passwd", "secret", "verifier", "token", "passphrase");

    /** Where a text called secret is the name of a Secret object, never its content. */
    private static final Set<String> NAMES_OF_SECRETS =
            Set.of("dev.switchback.spec.Migration$Ca", "dev.switchback.workload.Endpoints");

    @Test
    void theRoomsOfThePageAreTheRoomsOfTheCode() {
        Set<String> code = new TreeSet<>();
        APP.forEach(c -> code.add(room(c)));
        assertThat(PAGE.rooms().stream().map(Room::name)).containsExactlyInAnyOrderElementsOf(code);
    }

    @Test
    void aRoomUsesOnlyWhatThePageAllowsIt() {
        Map<String, Map<String, Set<String>>> used = used();
        SoftAssertions softly = new SoftAssertions();
        for (Room room : PAGE.rooms()) {
            Map<String, Set<String>> doors = used.getOrDefault(room.name(), Map.of());
            softly.assertThat(doors.keySet())
                    .as("rooms that %s depends on", room.name())
                    .isSubsetOf(room.doors().keySet());
            room.doors()
                    .forEach((to, only) -> {
                        if (!only.isEmpty()) {
                            softly.assertThat(doors.getOrDefault(to, Set.of()))
                                    .as("classes of %s that %s uses", to, room.name())
                                    .isSubsetOf(only);
                        }
                    });
        }
        softly.assertAll();
    }

    @Test
    void dependenciesPointDownThePageOnlySoThatThereIsNoCycle() {
        Set<String> above = new HashSet<>();
        for (Room room : PAGE.rooms()) {
            above.add(room.name());
            assertThat(room.doors().keySet())
                    .as("%s stands above what it depends on", room.name())
                    .doesNotContainAnyElementsOf(above);
        }
    }

    @Test
    void theDataRoomsSeeNeitherOneAnotherNorKubernetesNorTheEngine() {
        for (Room room : PAGE.rooms()) {
            if (Set.of("schema", "copy", "backup", "estimate", "fence", "roles")
                    .contains(room.name())) {
                assertThat(Set.of("fault", "pg", "progress"))
                        .as(room.name())
                        .containsAll(room.doors().keySet());
            }
        }
    }

    @Test
    void aLibraryIsUsedInTheRoomsThatThePageNamesAndNowhereElse() {
        PAGE.libraries()
                .forEach((library, rooms) -> {
                    Set<String> found = new TreeSet<>();
                    for (JavaClass user : APP) {
                        for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                            if (in(base(dependency).getPackageName(), library)) {
                                found.add(room(user));
                            }
                        }
                    }
                    assertThat(found).as("rooms that use %s", library).isSubsetOf(rooms);
                });
    }

    @Test
    void nothingKnowsTheLab() {
        noClasses().should().dependOnClassesThat().resideInAPackage(ROOT + ".lab..").check(APP);
    }

    @Test
    void onlyTheCommandsPrint() {
        DescribedPredicate<JavaClass> outsideCli =
                DescribedPredicate.describe("outside cli", c -> !room(c).equals("cli"));
        noClasses().that(outsideCli).should().accessField(System.class, "out").check(APP);
        noClasses().that(outsideCli).should().accessField(System.class, "err").check(APP);
    }

    @Test
    void onlyShutdownEndsTheProcess() {
        DescribedPredicate<JavaClass> others =
                DescribedPredicate.describe(
                        "other than Shutdown", c -> !c.isEquivalentTo(Shutdown.class));
        noClasses().that(others).should().callMethod(System.class, "exit", int.class).check(APP);
        noClasses().that(others).should().callMethod(Runtime.class, "halt", int.class).check(APP);
    }

    @Test
    void aStepIsFinalAndNeverCallsAnother() {
        classes()
                .that()
                .implement(Step.class)
                .and()
                .doNotHaveModifier(JavaModifier.ABSTRACT)
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(APP);
        Set<String> calls = new TreeSet<>();
        for (JavaClass step : APP) {
            if (isStep(step) && in(step.getPackageName(), ROOT + ".steps")) {
                for (JavaCall<?> call : calls(step)) {
                    JavaClass other = call.getTargetOwner();
                    boolean own = step.isAssignableTo(other.getName());
                    if (!own
                            && isStep(other)
                            && Set.of("observe", "capture", "apply", "undo", "<init>")
                                    .contains(call.getTarget().getName())) {
                        calls.add(call.getDescription());
                    }
                }
            }
        }
        assertThat(calls).isEmpty();
    }

    @Test
    void noClassIsCalledUtilHelperOrManager() {
        assertThat(APP.stream().map(JavaClass::getSimpleName))
                .noneMatch(name -> name.matches(".*(Utils?|Helpers?|Managers?)"));
    }

    @Test
    void everyRoomIsNullMarkedAndSaysItsRule() throws Exception {
        for (Room room : PAGE.rooms()) {
            String name = room.name().equals("Main") ? ROOT : ROOT + "." + room.name();
            assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class))
                    .as(name)
                    .isTrue();
        }
    }

    @Test
    void noPasswordIsAText() {
        List<String> found = new ArrayList<>();
        for (JavaClass javaClass : APP) {
            if (NAMES_OF_SECRETS.contains(javaClass.getName())) {
                continue;
            }
            Class<?> type = javaClass.reflect();
            Stream.of(type.getDeclaredFields())
                    .filter(f -> plain(f.getType()) && secretWord(f.getName()))
                    .forEach(f -> found.add(f.toString()));
            for (Executable executable :
                    Stream.<Executable>concat(
                                    Stream.of(type.getDeclaredConstructors()),
                                    Stream.of(type.getDeclaredMethods()))
                            .filter(e -> !makesASecret(e))
                            .toList()) {
                for (Parameter parameter : executable.getParameters()) {
                    if (plain(parameter.getType()) && secretWord(parameter.getName())) {
                        found.add(executable + " " + parameter.getName());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void noFileIsLongerThanFourHundredLines() throws Exception {
        Path sources = Path.of("src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(401);
            }
        }
    }

    private static List<JavaCall<?>> calls(JavaClass from) {
        List<JavaCall<?>> calls = new ArrayList<>(from.getMethodCallsFromSelf());
        calls.addAll(from.getConstructorCallsFromSelf());
        return calls;
    }

    private static boolean plain(Class<?> type) {
        return type == String.class || type == char[].class || type == byte[].class;
    }

    private static boolean secretWord(String name) {
        return SECRET_WORDS.contains(name.toLowerCase(java.util.Locale.ROOT));
    }

    /** The one place where a text may be secret: where it is wrapped. */
    private static boolean makesASecret(Executable executable) {
        return executable instanceof Method method && method.getReturnType() == Secret.class;
    }

    private static boolean isStep(JavaClass javaClass) {
        return javaClass.isAssignableTo(Step.class) && !javaClass.isInterface();
    }

    /** Room to the rooms it uses, with the simple names of the classes it uses there. */
    private static Map<String, Map<String, Set<String>>> used() {
        Map<String, Map<String, Set<String>>> used = new HashMap<>();
        for (JavaClass user : APP) {
            for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                JavaClass target = base(dependency);
                if (in(target.getPackageName(), ROOT) && !room(target).equals(room(user))) {
                    used.computeIfAbsent(room(user), r -> new TreeMap<>())
                            .computeIfAbsent(room(target), r -> new TreeSet<>())
                            .add(outermost(target));
                }
            }
        }
        return used;
    }

    private static JavaClass base(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType();
    }

    private static String outermost(JavaClass javaClass) {
        return javaClass
                .getEnclosingClass()
                .map(RoomsTest::outermost)
                .orElse(javaClass.getSimpleName());
    }

    private static boolean in(String packageName, String parent) {
        return packageName.equals(parent) || packageName.startsWith(parent + ".");
    }

    private static String room(JavaClass javaClass) {
        String name = javaClass.getPackageName();
        return name.equals(ROOT) ? "Main" : name.substring(ROOT.length() + 1);
    }
}
