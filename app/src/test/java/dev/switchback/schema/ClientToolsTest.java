package dev.switchback.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientToolsTest {
    private static final List<ClientTools> FOUND = List.of(tools(18), tools(16), tools(15));

    @Test
    void theHighestMajorThatTheTargetUnderstandsIsChosen() {
        assertThat(ClientTools.choose(FOUND, 15, 17).major()).isEqualTo(16);
        assertThat(ClientTools.choose(FOUND, 15, 18).major()).isEqualTo(18);
        assertThat(ClientTools.choose(FOUND, 15, 15).major()).isEqualTo(15);
    }

    @Test
    void withoutAFittingMajorTheProblemNamesWhatIsThereAndThePackage() {
        assertThatThrownBy(() -> ClientTools.choose(FOUND, 17, 17))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.PG_TOOLS);
                            assertThat(e.getMessage())
                                    .contains("16 in /pg16", "postgresql-client-17");
                        });
        assertThatThrownBy(() -> ClientTools.choose(List.of(), 13, 17))
                .hasMessageContaining("none were found");
    }

    private static ClientTools tools(int major) {
        Path folder = Path.of("/pg" + major);
        return new ClientTools(folder.resolve("pg_dump"), folder.resolve("pg_restore"), major);
    }
}
