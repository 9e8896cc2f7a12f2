package io.sluice.core.plugin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles a tiny plugin and packs it as the real ones are packed. */
public final class PluginJar {

  private final Map<String, String> sources = new LinkedHashMap<>();
  private final List<String> extensions = new ArrayList<>();
  private final Manifest manifest = new Manifest();

  private PluginJar(String id) {
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    entry("Plugin-Id", id);
    entry("Plugin-Version", "1.2.3");
  }

  public static PluginJar named(String id) {
    return new PluginJar(id);
  }

  public PluginJar entry(String name, String value) {
    manifest.getMainAttributes().put(new Attributes.Name(name), value);
    return this;
  }

  public PluginJar source(String className, String text) {
    sources.put(className, text);
    return this;
  }

  public PluginJar extension(String className) {
    extensions.add(className);
    return this;
  }

  /** A filter module of this name in this package. */
  public PluginJar filter(String packageName, String name) {
    String type = packageName + ".Factory";
    return extension(type)
        .source(
            type,
            """
            package %s;
            import io.sluice.api.config.*;
            import io.sluice.api.context.ModuleContext;
            import io.sluice.api.filter.*;
            import io.sluice.api.module.*;
            public class Factory implements FilterFactory {
              public ModuleInfo info() {
                return new ModuleInfo("%s", ModuleKind.FILTER, ApiVersion.CURRENT, Maturity.GA, "x");
              }
              public SettingsSpec settings() { return SettingsSpec.EMPTY; }
              public Filter createInstance(ModuleContext context, Settings settings) {
                throw new UnsupportedOperationException();
              }
            }
            """
                .formatted(packageName, name));
  }

  /** Writes {@code file}, compiled against this process and the other jars. */
  public Path write(Path file, Path... classPath) throws IOException {
    Map<String, byte[]> classes = compile(classPath);
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, byte[]> type : classes.entrySet()) {
        put(jar, type.getKey().replace('.', '/') + ".class", type.getValue());
      }
      if (!extensions.isEmpty()) {
        put(
            jar,
            "META-INF/extensions.idx",
            String.join("\n", extensions).getBytes(StandardCharsets.UTF_8));
      }
    }
    return file;
  }

  private static void put(JarOutputStream jar, String name, byte[] content) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(content);
    jar.closeEntry();
  }

  private Map<String, byte[]> compile(Path... classPath) throws IOException {
    if (sources.isEmpty()) {
      return Map.of();
    }
    StringBuilder path = new StringBuilder(System.getProperty("java.class.path"));
    for (Path other : classPath) {
      path.append(System.getProperty("path.separator")).append(other);
    }
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((name, text) -> units.add(new Source(name, text)));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (Output output = new Output(compiler.getStandardFileManager(null, null, null))) {
      List<String> options = List.of("-proc:none", "-classpath", path.toString());
      if (!compiler.getTask(messages, output, null, options, null, units).call()) {
        throw new IllegalArgumentException(messages.toString());
      }
      Map<String, byte[]> classes = new LinkedHashMap<>();
      output.classes.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
      return classes;
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("mem:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Output extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes = new LinkedHashMap<>();

    Output(JavaFileManager manager) {
      super(manager);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mem:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          return classes.computeIfAbsent(className, name -> new ByteArrayOutputStream());
        }
      };
    }
  }
}
